import { join } from 'node:path';
import type { ServerSpec } from '../processes/server-spec.ts';
import { answersOk } from './http-probe.ts';
import type { KubernetesAccess } from './kubernetes-access.ts';

/** The controller manager. Ready when pods can be created: the default service account exists. */
export function controllerManager(input: {
  readonly command: string;
  readonly pkiFolder: string;
  readonly kubeconfig: string;
  readonly port: number;
  readonly access: KubernetesAccess;
}): ServerSpec {
  return {
    name: 'kube-controller-manager',
    command: input.command,
    args: [
      `--kubeconfig=${input.kubeconfig}`,
      `--service-account-private-key-file=${join(input.pkiFolder, 'service-account.key')}`,
      `--root-ca-file=${join(input.pkiFolder, 'ca.crt')}`,
      `--cluster-signing-cert-file=${join(input.pkiFolder, 'ca.crt')}`,
      `--cluster-signing-key-file=${join(input.pkiFolder, 'ca.key')}`,
      '--use-service-account-credentials=true',
      '--bind-address=127.0.0.1',
      `--secure-port=${input.port}`,
      '--leader-elect=false',
      // Made at start, and machine-wide by default.
      `--flex-volume-plugin-dir=${join(input.pkiFolder, 'flex-volumes')}`,
      // 20 pods a second by default: too slow for load.
      '--kube-api-qps=200',
      '--kube-api-burst=400',
    ],
    isReady: async () =>
      (await answersOk({ url: `https://127.0.0.1:${input.port}/healthz`, anyCertificate: true })) &&
      (await input.access.call({ path: '/api/v1/namespaces/default/serviceaccounts/default' })).status === 200,
    readyTimeoutSeconds: 60,
  };
}
