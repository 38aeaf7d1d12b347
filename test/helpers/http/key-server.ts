import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';

/** A pair of keys of a made-up identity provider. */
export interface ProviderKey {
  readonly kid: string;
  readonly publicKey: JWK;
  sign(claims?: Readonly<Record<string, unknown>>): Promise<string>;
}

export async function createProviderKey(kid: string): Promise<ProviderKey> {
  const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
  return {
    kid,
    publicKey: { ...(await exportJWK(publicKey)), kid, alg: 'ES256', use: 'sig' },
    sign: (claims = {}) =>
      new SignJWT({ iss: 'podkeeper', aud: 'podkeeper', sub: 'ann', ...claims })
        .setProtectedHeader({ alg: 'ES256', kid })
        .setExpirationTime('5m')
        .sign(privateKey),
  };
}

/** A real HTTP server that gives out keys, counts how often, and can fail. */
export interface KeyServer {
  readonly url: string;
  readonly requests: () => number;
  /** What it answers from now on. `hang` never answers. */
  answer(
    next:
      readonly ProviderKey[] | { readonly status: number; readonly body?: string; readonly location?: string } | 'hang',
  ): void;
  close(): Promise<void>;
}

export async function startKeyServer(...keys: readonly ProviderKey[]): Promise<KeyServer> {
  let next: Parameters<KeyServer['answer']>[0] = keys;
  let requests = 0;
  const server = createServer((_request, response) => {
    requests += 1;
    if (next === 'hang') return;
    if ('status' in next) {
      response.writeHead(next.status, next.location === undefined ? {} : { location: next.location });
      response.end(next.body ?? '');
      return;
    }
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ keys: next.map(({ publicKey }) => publicKey) }));
  });
  await new Promise<void>((resolve) => server.listen({ host: '127.0.0.1', port: 0 }, resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/keys`,
    requests: () => requests,
    answer: (given) => {
      next = given;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
