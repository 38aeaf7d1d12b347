import { join } from 'node:path';
import type { ServerSpec } from '../processes/server-spec.ts';
import type { KubernetesAccess } from './kubernetes-access.ts';

/** The API server on one address: loopback, or the host's end of the real node's cable so that pods reach it too. */
export function apiServer(input: {
  readonly command: string;
  readonly pkiFolder: string;
  readonly address: string;
  readonly port: number;
  readonly etcdPort: number;
  readonly access: KubernetesAccess;
  readonly moreFlags: readonly string[];
}): ServerSpec {
  const pki = (name: string) => join(input.pkiFolder, name);
  return {
    name: 'kube-apiserver',
    command: input.command,
    args: [
      `--etcd-servers=http://127.0.0.1:${input.etcdPort}`,
      `--bind-address=${input.address}`,
      `--advertise-address=${input.address}`,
      `--secure-port=${input.port}`,
      `--cert-dir=${input.pkiFolder}`,
      `--tls-cert-file=${pki('apiserver.crt')}`,
      `--tls-private-key-file=${pki('apiserver.key')}`,
      `--client-ca-file=${pki('ca.crt')}`,
      '--service-account-issuer=https://kubernetes.default.svc',
      `--service-account-key-file=${pki('service-account.pub')}`,
      `--service-account-signing-key-file=${pki('service-account.key')}`,
      '--authorization-mode=Node,RBAC',
      '--enable-admission-plugins=NodeRestriction',
      '--service-cluster-ip-range=10.96.0.0/16',
      '--allow-privileged=true',
      `--kubelet-client-certificate=${pki('kubelet-client.crt')}`,
      `--kubelet-client-key=${pki('kubelet-client.key')}`,
      // Logs and exec would look the node's host name up otherwise.
      '--kubelet-preferred-address-types=InternalIP,Hostname',
      '--endpoint-reconciler-type=none',
      ...input.moreFlags,
    ],
    isReady: async () => (await input.access.call({ path: '/readyz' })).status === 200,
    readyTimeoutSeconds: 90,
  };
}
