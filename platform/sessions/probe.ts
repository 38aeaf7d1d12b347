import { randomBytes } from 'node:crypto';
import { Agent, Client, request } from 'undici';
import { fieldsOf } from '../../domain/pods/snapshot/projection/reader.ts';
import {
  challengeText,
  claimText,
  identityHeaders,
  identityPath,
  type PodClaim,
} from '../../domain/sessions/handshake/handshake-texts.ts';
import { mac, sameMac } from './signing-keys.ts';

/** One GET to a pod, on a connection of its own. */
export interface ProbeCall {
  readonly address: string;
  readonly port: number;
  readonly path: string;
  /** For the whole call. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  /** For native pods: first both prove themselves on the connection (domain/sessions/handshake). */
  readonly proof?: ProbeProof;
}

export interface ProbeProof {
  /** The pod's own key. */
  readonly podKey: string;
  /** Who has to answer. */
  readonly claim: PodClaim;
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
    async probe({ address, port, path, timeoutMs, signal, proof }) {
      const host = address.includes(':') ? `[${address}]` : address;
      const origin = `http://${host}:${port}`;
      const limit = AbortSignal.timeout(timeoutMs);
      const ends = signal === undefined ? limit : AbortSignal.any([signal, limit]);
      // The proof is of one connection: a client has only one, and what it sends on another one is refused by the pod.
      const own = proof === undefined ? undefined : new Client(origin, { maxHeaderSize: 16_384 });
      try {
        const get = async (at: string, headers: Readonly<Record<string, string>> = {}) => {
          const { statusCode, body } = await request(`${origin}${at}`, {
            dispatcher: own ?? agent,
            headers: { 'user-agent': 'podkeeper-probe', ...headers },
            signal: ends,
          });
          return { answered: true, status: statusCode, body: await readStart(body) } as const;
        };
        if (proof !== undefined && !(await proves(get, proof)))
          return { answered: false, reason: 'not the pod asked for' };
        return await get(path);
      } catch (error) {
        signal?.throwIfAborted();
        return { answered: false, reason: limit.aborted ? `no answer within ${timeoutMs} ms` : messageOf(error) };
      } finally {
        await own?.destroy();
      }
    },
    close: () => agent.close(),
  };
}

type Get = (path: string, headers: Readonly<Record<string, string>>) => Promise<{ status: number; body: string }>;

async function proves(get: Get, { podKey, claim }: ProbeProof): Promise<boolean> {
  const nonce = randomBytes(16).toString('base64url');
  const headers = { [identityHeaders.nonce]: nonce, [identityHeaders.mac]: mac(podKey, challengeText(nonce)) };
  const { status, body } = await get(identityPath, headers);
  const answer = status === 200 ? fieldsOf(JSON.parse(body) as unknown) : {};
  return sameMac(mac(podKey, claimText(nonce, claim)), String(answer['mac']));
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
