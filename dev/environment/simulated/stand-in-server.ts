import { connect } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { environmentPaths } from '../folders.ts';
import type { EnvironmentPlan } from '../plan.ts';
import type { ServerSpec } from '../processes/server-spec.ts';

/** The name of its process and of its log. */
const standInName = 'stand-in';
const entry = fileURLToPath(new URL('../../stand-in/main.ts', import.meta.url));

/** The process that answers for every session pod on simulated nodes; its log has one JSON line a request. */
export function standInServer(plan: EnvironmentPlan): ServerSpec {
  const port = plan.ports.standIn;
  return {
    name: standInName,
    command: process.execPath,
    args: [entry, '--kubeconfig', environmentPaths(plan.folder).kubeconfig, '--port', String(port)],
    isReady: () => accepts(port),
    readyTimeoutSeconds: 30,
  };
}

/** Its coordinates for the state file. */
export function standInOf({ folder, ports }: EnvironmentPlan): { readonly port: number; readonly log: string } {
  return { port: ports.standIn, log: join(environmentPaths(folder).logs, `${standInName}.log`) };
}

/** It listens once it knows the pods. A connection to an address of no pod is accepted and cut. */
function accepts(port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port }, () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', reject);
  });
}
