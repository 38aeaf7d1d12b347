import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import {
  challengeText,
  claimText,
  identityHeaders,
  identityPath,
} from '../../../domain/sessions/handshake/handshake-texts.ts';
import { mac, sameMac } from '../../../platform/sessions/signing-keys.ts';
import type { Route } from '../routes/route-table.ts';
import { type IdentityAnswer, readIdentityAnswer } from './identity-answer.ts';
import { abortReason } from './open-socket.ts';
import { ConnectFailedError, WrongPodError } from './upstream.ts';

export interface ProofOptions {
  readonly route: Route;
  /** A secret. */
  readonly podKey: string;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Asks what is at the other end of a new socket to prove that it is the pod of the route; only the question is sent.
 * Throws WrongPodError when it can't, ConnectFailedError when no answer came, or the signal's reason. The socket stays
 * open, paused, with nothing unread; it is the caller's to destroy it after an error.
 */
export async function provePod(socket: Socket, { route, podKey, timeoutMs, signal }: ProofOptions): Promise<void> {
  const nonce = randomBytes(24).toString('base64url');
  const answer = readAnswer(socket, { timeoutMs, signal });
  socket.write(question(route, nonce, mac(podKey, challengeText(nonce))), 'latin1');
  const { closes, mac: given, ...claim } = await answer;
  const same =
    claim.podUid === route.podUid && claim.sessionKey === route.key && claim.incarnation === route.incarnation;
  if (!sameMac(mac(podKey, claimText(nonce, claim)), given)) throw new WrongPodError('its proof is not of this pod');
  if (!same) throw new WrongPodError('it is the pod of another session or incarnation');
  if (closes) throw new ConnectFailedError('the pod takes no more requests');
}

function question(route: Route, nonce: string, proof: string): string {
  const host = route.address.includes(':') ? `[${route.address}]` : route.address;
  return [
    `GET ${identityPath} HTTP/1.1`,
    `Host: ${host}:${route.port}`,
    `${identityHeaders.nonce}: ${nonce}`,
    `${identityHeaders.mac}: ${proof}`,
    '\r\n',
  ].join('\r\n');
}

function readAnswer(socket: Socket, { timeoutMs, signal }: Pick<ProofOptions, 'timeoutMs' | 'signal'>) {
  const { promise, resolve, reject } = Promise.withResolvers<IdentityAnswer>();
  let bytes: Buffer = Buffer.alloc(0);
  const timer = setTimeout(() => reject(new ConnectFailedError(`no proof within ${timeoutMs} ms`)), timeoutMs);
  const onError = (error: Error) => reject(new ConnectFailedError(error.message));
  const onEnd = () => reject(new ConnectFailedError('the connection was closed before a proof came'));
  const onAbort = () => reject(abortReason(signal));
  const onReadable = () => {
    for (let chunk = socket.read() as Buffer | null; chunk !== null; chunk = socket.read() as Buffer | null) {
      bytes = Buffer.concat([bytes, chunk]);
      const answer = readIdentityAnswer(bytes);
      if (answer === undefined) continue;
      if ('fault' in answer) reject(new WrongPodError(`its answer is not that of a session pod: ${answer.fault}`));
      else resolve(answer);
    }
  };
  socket.on('readable', onReadable).on('error', onError).on('end', onEnd).on('close', onEnd);
  signal?.addEventListener('abort', onAbort);
  if (signal?.aborted === true) onAbort();
  return promise.finally(() => {
    clearTimeout(timer);
    socket.off('readable', onReadable).off('error', onError).off('end', onEnd).off('close', onEnd);
    signal?.removeEventListener('abort', onAbort);
  });
}
