import { randomBytes } from 'node:crypto';
import { Agent, request as httpRequest } from 'node:http';
import { challengeText, identityHeaders, identityPath } from '../../../domain/sessions/handshake/handshake-texts.ts';
import { mac } from '../../../platform/sessions/signing-keys.ts';

/** A random session key. */
export function randomKey(): string {
  return [...randomBytes(26)].map((byte) => 'abcdefghijklmnopqrstuvwxyz234567'.charAt(byte % 32)).join('');
}

/** Requests one after the other on one connection: the proof is of the connection. */
export function connectTo(address: string, port: number) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const ask = (path: string, options: { headers?: Record<string, string>; body?: unknown } = {}) =>
    new Promise<{ readonly status: number | undefined; readonly body: unknown }>((resolve, reject) => {
      const { headers = {}, body } = options;
      const method = body === undefined ? 'GET' : 'POST';
      const sent = httpRequest({ host: address, port, path, method, headers, agent }, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
        response.on('error', reject);
        response.on('end', () => resolve({ status: response.statusCode, body: JSON.parse(text) }));
      });
      sent.on('error', reject).end(body === undefined ? undefined : JSON.stringify(body));
    });
  /** Asks for the proof as a gateway does that knows `podKey`. */
  const prove = async (podKey: string, headers: Record<string, string> = {}) => {
    const nonce = randomBytes(16).toString('base64url');
    const own = { [identityHeaders.nonce]: nonce, [identityHeaders.mac]: mac(podKey, challengeText(nonce)) };
    return { nonce, ...(await ask(identityPath, { headers: { ...headers, ...own } })) };
  };
  return { ask, prove, close: () => agent.destroy() };
}
