import { join } from 'node:path';
import type { ServerSpec } from '../processes/server-spec.ts';
import { answersOk } from './http-probe.ts';

/** etcd on loopback. It skips fsync: data survives a kill of the process, which is all a test asks, not one of the machine. */
export function etcdServer(input: {
  readonly command: string;
  readonly folder: string;
  readonly clientPort: number;
  readonly peerPort: number;
}): ServerSpec {
  const client = `http://127.0.0.1:${input.clientPort}`;
  const peer = `http://127.0.0.1:${input.peerPort}`;
  return {
    name: 'etcd',
    command: input.command,
    args: [
      `--data-dir=${join(input.folder, 'etcd')}`,
      `--listen-client-urls=${client}`,
      `--advertise-client-urls=${client}`,
      `--listen-peer-urls=${peer}`,
      `--initial-advertise-peer-urls=${peer}`,
      `--initial-cluster=default=${peer}`,
      '--unsafe-no-fsync',
      '--log-level=warn',
    ],
    isReady: () => answersOk({ url: `${client}/readyz` }),
    readyTimeoutSeconds: 30,
  };
}
