import { Agent, request } from 'undici';

/** One GET to a pod, on a connection of its own. */
export interface ProbeCall {
  readonly address: string;
  readonly port: number;
  readonly path: string;
  /** For the whole call. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** `body` is cut after 4 KiB. */
export type ProbeAnswer =
  | { readonly answered: true; readonly status: number; readonly body: string }
  | { readonly answered: false; readonly reason: string };

/** Not to get an answer is an answer; only the signal's reason is thrown, once it is aborted. */
export type Probe = (call: ProbeCall) => Promise<ProbeAnswer>;

const bodyLimitBytes = 4096;

/** Asks pods over HTTP, without following redirects. */
export function createProbe(): { readonly probe: Probe; readonly close: () => Promise<void> } {
  // A connection that is kept would prove nothing about the next one.
  const agent = new Agent({ pipelining: 0, maxHeaderSize: 16_384 });
  return {
    async probe({ address, port, path, timeoutMs, signal }) {
      const host = address.includes(':') ? `[${address}]` : address;
      const limit = AbortSignal.timeout(timeoutMs);
      try {
        const { statusCode, body } = await request(`http://${host}:${port}${path}`, {
          dispatcher: agent,
          headers: { 'user-agent': 'podkeeper-probe' },
          signal: signal === undefined ? limit : AbortSignal.any([signal, limit]),
        });
        return { answered: true, status: statusCode, body: await readStart(body) };
      } catch (error) {
        signal?.throwIfAborted();
        return { answered: false, reason: limit.aborted ? `no answer within ${timeoutMs} ms` : messageOf(error) };
      }
    },
    close: () => agent.close(),
  };
}

/** What a pod must answer to take requests. */
export function isHealthy(answer: ProbeAnswer): boolean {
  return answer.answered && answer.status >= 200 && answer.status < 400;
}

async function readStart(body: AsyncIterable<unknown>): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  // Leaving the loop ends the rest of the answer and its connection.
  for await (const chunk of body) {
    chunks.push(chunk as Uint8Array);
    bytes += (chunk as Uint8Array).length;
    if (bytes >= bodyLimitBytes) break;
  }
  return Buffer.concat(chunks).subarray(0, bodyLimitBytes).toString();
}

/** Not `instanceof Error`: errors of Node's own modules are of another realm where code runs in a vm context. */
function messageOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : String(error);
}
