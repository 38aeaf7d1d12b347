import type { V1Pod } from '@kubernetes/client-node';
import type { Cause } from '../../domain/pods/verdict/types.ts';
import type { AsSent } from '../../platform/kubernetes/client/as-sent.ts';
import type { Manifest, ObjectReference } from '../kubernetes/manifest.ts';

/**
 * Something that happens to pods, told as what a person applies and does. It says what it causes, written down from what
 * its commands do; nothing here comes from the verdict engine, which is judged by it.
 */
export interface Scenario {
  /** A DNS label; also the namespace a recording is made in. */
  readonly name: string;
  /** What is done and what it is meant to cause, in a sentence. */
  readonly description: string;
  readonly objects: readonly Manifest[];
  /** Done one after the other, each as soon as its condition holds. */
  readonly steps?: readonly Step[];
  /** Holds once everything there is to see has been seen. */
  readonly until: Condition;
  /** How much longer to look after that, for what comes late (Events, reasons); 3 by default. */
  readonly settleSeconds?: number;
  /** The whole scenario fails when it takes longer than this; 90 by default. */
  readonly timeoutSeconds?: number;
  /** The primary causes that make an incident, by the pod's role; a role with none must never be an incident. */
  readonly incidents: Readonly<Record<string, readonly Cause[]>>;
}

export interface Step {
  readonly description: string;
  readonly when: Condition;
  readonly action: Action;
}

export type Action =
  | { readonly type: 'apply'; readonly manifest: Manifest }
  | { readonly type: 'delete'; readonly target: ObjectReference; readonly gracePeriodSeconds?: number }
  | {
      readonly type: 'patch';
      readonly target: ObjectReference;
      readonly patch: unknown;
      readonly subresource?: string;
    };

/** The pods seen so far, newest state first seen last. */
export type Condition = (pods: readonly SeenPod[]) => boolean;

export interface SeenPod {
  /** The label `role`, else the pod's name. */
  readonly role: string;
  readonly pod: AsSent<V1Pod>;
  readonly deleted: boolean;
}
