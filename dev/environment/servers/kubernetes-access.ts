import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readKeyPair } from './certificates.ts';
import { callHttp } from './http-probe.ts';

/** Calls to the environment's own API server with every right. */
export interface KubernetesAccess {
  readonly call: (input: {
    readonly path: string;
    readonly method?: string;
    readonly body?: unknown;
  }) => Promise<{ readonly status: number; readonly body: string }>;
  /** Creates an object; one that is already there is left as it is. Throws on any other refusal. */
  readonly create: (path: string, body: unknown) => Promise<void>;
}

/** Makes the access from the administrator's certificate. */
export async function createKubernetesAccess(pkiFolder: string, server: string): Promise<KubernetesAccess> {
  const ca = await readFile(join(pkiFolder, 'ca.crt'), 'utf8');
  const { certificate, key } = await readKeyPair(pkiFolder, 'admin');
  const call: KubernetesAccess['call'] = ({ path, ...rest }) =>
    callHttp({ url: `${server}${path}`, ca, cert: certificate, key, ...rest });
  return {
    call,
    create: async (path, body) => {
      const answer = await call({ path, method: 'POST', body });
      if (answer.status !== 201 && answer.status !== 409) {
        throw new Error(`The API server refused ${path} with ${answer.status}: ${answer.body}`);
      }
    },
  };
}
