import type { ServerSpec } from '../processes/server-spec.ts';
import { answersOk } from './http-probe.ts';

/** The scheduler, with request rates for load. */
export function scheduler(input: {
  readonly command: string;
  readonly kubeconfig: string;
  readonly port: number;
}): ServerSpec {
  return {
    name: 'kube-scheduler',
    command: input.command,
    args: [
      `--kubeconfig=${input.kubeconfig}`,
      `--authentication-kubeconfig=${input.kubeconfig}`,
      `--authorization-kubeconfig=${input.kubeconfig}`,
      '--bind-address=127.0.0.1',
      `--secure-port=${input.port}`,
      '--leader-elect=false',
      '--kube-api-qps=200',
      '--kube-api-burst=400',
    ],
    isReady: () => answersOk({ url: `https://127.0.0.1:${input.port}/healthz`, anyCertificate: true }),
    readyTimeoutSeconds: 60,
  };
}
