import { Agent, request } from 'undici';
import { connectionError } from './connection-error.ts';
import { GatewayError, problemError } from './gateway-error.ts';

export interface GatewayTarget {
  /** `http(s)://host:port`, without a path. */
  readonly url: string;
  /** A secret; empty sends none. */
  readonly token: string;
  /** Certificates of the authority (PEM), where the machine does not know it. */
  readonly ca?: string;
}

export interface GatewayRequest {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface GatewayAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** Read to its end, or left; the client's `close` ends it. */
  readonly body: AsyncIterable<Uint8Array>;
  text(): Promise<string>;
}

export interface GatewayClient {
  readonly url: string;
  /** Any answer that is not a problem of the gateway. Throws GatewayError. */
  send(request: GatewayRequest): Promise<GatewayAnswer>;
  /** The answer of one of the gateway's own addresses, as JSON; undefined when it has no body. Throws GatewayError. */
  json(request: GatewayRequest): Promise<unknown>;
  close(): Promise<void>;
}

/** The gateway bounds how long anything takes; a person can press Ctrl-C. */
const noTimeout = 0;

/** Asks a gateway as any HTTP client would. */
export function createGatewayClient({ url, token, ca }: GatewayTarget): GatewayClient {
  const dispatcher = new Agent({
    headersTimeout: noTimeout,
    bodyTimeout: noTimeout,
    connect: { timeout: 5000, ...(ca !== undefined && { ca }) },
  });
  const send = async ({ method, path, body, headers = {} }: GatewayRequest): Promise<GatewayAnswer> => {
    const sent = {
      ...headers,
      ...(token !== '' && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
    };
    const answer = await request(new URL(path, url), { dispatcher, method, headers: sent, body: body ?? null }).catch(
      (error: unknown) => {
        throw connectionError(error, url);
      },
    );
    const { statusCode: status, headers: received, body: stream } = answer;
    const text = () =>
      stream.text().catch((error: unknown) => {
        throw connectionError(error, url);
      });
    if (status < 400 || !String(received['content-type']).startsWith('application/problem+json')) {
      return { status, headers: received, body: stream, text };
    }
    const content = await text();
    const wait = received['retry-after'];
    const problem = problemError(content, { status, retryAfter: typeof wait === 'string' ? wait : undefined });
    if (problem !== undefined) throw problem;
    return { status, headers: received, body: bytesOf(content), text: () => Promise.resolve(content) };
  };
  return {
    url,
    send,
    async json(asked) {
      const answer = await send(asked);
      const text = await answer.text();
      if (answer.status === 204) return undefined;
      try {
        if (answer.status < 300) return JSON.parse(text) as unknown;
      } catch {
        // Said below: what answers is no gateway.
      }
      throw new GatewayError(`What answers at ${url} is no gateway of Podkeeper (${answer.status} to ${asked.path}).`);
    },
    close: () => dispatcher.destroy(),
  };
}

async function* bytesOf(text: string): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(Buffer.from(text));
}
