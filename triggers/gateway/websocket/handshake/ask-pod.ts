import { type IncomingMessage, request } from 'node:http';
import type { Socket } from 'node:net';
import { Problem } from '../../../http/problems/problem.ts';
import { headLimits } from '../../upstream/answer/answer-head.ts';
import { acceptOf, hasToken } from './upgrade-request.ts';

/** What the pod is asked. */
export interface PodQuestion {
  /** Proven, and used for nothing else. */
  readonly socket: Socket;
  readonly path: string;
  /** Name, value, name, value … */
  readonly headers: readonly string[];
  readonly key: string;
  readonly firstByteMs: number;
  readonly signal: AbortSignal;
}

export type PodAnswer =
  /** `head`: bytes of the pod that came with the answer. */
  | { readonly kind: 'upgraded'; readonly message: IncomingMessage; readonly head: Buffer }
  /** Any other status; its body is still to be read. */
  | { readonly kind: 'refused'; readonly message: IncomingMessage };

/**
 * Sends the upgrade request to the pod and reads its answer with Node's own parser, the strict one. Throws a Problem, or
 * the signal's reason; then the socket is closed.
 */
export async function askPod(question: PodQuestion): Promise<PodAnswer> {
  const { socket, key, firstByteMs, signal } = question;
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), firstByteMs);
  try {
    const answer = await exchange(question, AbortSignal.any([signal, limit.signal]));
    const fault = answerFault(answer, key);
    if (fault !== undefined)
      throw new Problem('pod_gone', { detail: `The pod's answer to the upgrade is not valid: ${fault}.` });
    return answer;
  } catch (error) {
    socket.destroy();
    signal.throwIfAborted();
    if (limit.signal.aborted) throw new Problem('first_byte_timeout', { cause: error });
    if (error instanceof Problem) throw error;
    throw new Problem('pod_gone', {
      detail: 'The pod ended the connection before it had answered the upgrade.',
      cause: error,
    });
  } finally {
    clearTimeout(timer);
  }
}

function exchange({ socket, path, headers }: PodQuestion, signal: AbortSignal): Promise<PodAnswer> {
  return new Promise((resolve, reject) => {
    const sent = request({
      createConnection: () => socket,
      method: 'GET',
      path,
      headers,
      setHost: false,
      maxHeaderSize: headLimits.bytes,
      signal,
    });
    // More than these would be left out without a word; the count is looked at below.
    sent.maxHeadersCount = headLimits.headers + 1;
    sent.once('upgrade', (message, _socket, head) => resolve({ kind: 'upgraded', message, head }));
    sent.once('response', (message) => resolve({ kind: 'refused', message }));
    sent.once('error', reject);
    sent.once('close', () => reject(new Error('closed without an answer')));
    sent.end();
  });
}

function answerFault({ kind, message }: PodAnswer, key: string): string | undefined {
  const { headers, rawHeaders, statusCode } = message;
  if (rawHeaders.length / 2 > headLimits.headers) return `it has more than ${headLimits.headers} headers`;
  if (kind === 'refused') return undefined;
  if (statusCode !== 101) return `its status is ${statusCode ?? 'missing'}`;
  if (headers.upgrade?.toLowerCase() !== 'websocket' || !hasToken(headers.connection, 'upgrade'))
    return 'it is no upgrade to a WebSocket';
  if (headers['sec-websocket-accept'] !== acceptOf(key)) return 'Sec-WebSocket-Accept does not fit the key';
  return undefined;
}
