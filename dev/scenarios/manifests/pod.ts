import type { V1Container, V1PodSpec } from '@kubernetes/client-node';
import type { AsSent } from '../../../platform/kubernetes/client/as-sent.ts';
import type { Manifest } from '../../kubernetes/manifest.ts';

/** The only image of the local node besides its pause image: busybox, put there without a registry. */
const busyboxImage = 'local.test/busybox:1';

type PodSpec = AsSent<V1PodSpec>;
type Container = AsSent<V1Container>;

export interface PodInput extends Partial<PodSpec> {
  readonly name: string;
  /** The app container, called `app` and made of busybox unless it says otherwise. */
  readonly app: Partial<Container>;
}

/** A pod of one app container. */
export function pod({ name, ...spec }: PodInput): Manifest {
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name }, spec: podSpec(spec) };
}

/** A second of grace unless said otherwise: busybox as process 1 ignores SIGTERM, and nobody wants to wait 30 s for it. */
export function podSpec({ app, ...spec }: Omit<PodInput, 'name'>): Partial<PodSpec> {
  return {
    terminationGracePeriodSeconds: 1,
    automountServiceAccountToken: false,
    dnsPolicy: 'Default',
    ...spec,
    containers: [container({ name: 'app', ...app })],
  };
}

/** A container of busybox, never pulled, unless it says otherwise. */
export function container(input: Partial<Container> & { readonly name: string }): Container {
  return { image: busyboxImage, imagePullPolicy: 'Never', ...input };
}

/** A command line run by busybox's shell. `$$` would become `$` in Kubernetes, so no script here has it. */
export function sh(script: string): string[] {
  return ['sh', '-c', script];
}

/** Stays until it is killed; as process 1 it ignores SIGTERM. */
export const stays = ['sleep', '3600'];
