import { randomUUID } from 'node:crypto';
import type { Dispatcher } from 'undici';
import type { ClientTable } from '../../witness/client-table.ts';
import type { AnsweringPod, ClientRequest } from '../../witness/tables.ts';
import { type OpenedSocket, openSocket } from './open-socket.ts';

export interface SessionCall {
  readonly id: string;
  /** Behind the session's id: `execute`, `status`, `proxy/slow?ms=5`; empty for the session itself. */
  readonly path?: string;
  /** GET, or POST with a body. */
  readonly method?: Dispatcher.HttpMethod;
  /** Sent as JSON. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Number of the gateway, from 0; the client's own when left out. */
  readonly gateway?: number;
  readonly signal?: AbortSignal;
  /** Called with each piece of the answer's body. */
  readonly onData?: (piece: string) => void;
}

export interface SessionAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  /** Undefined when the answer is not JSON. */
  readonly json: unknown;
  /** `code` of a problem document. */
  readonly code: string | undefined;
  /** X-Podkeeper-Start. */
  readonly start: string | undefined;
  /** What the witness wrote down. */
  readonly row: ClientRequest;
}

/** One owner's way to the sessions. Every request is written down for the witnesses before it is sent. */
export interface SessionClient {
  /** Throws what the connection fails with; any answer is an answer. */
  readonly call: (call: SessionCall) => Promise<SessionAnswer>;
  /** POST …/execute. */
  readonly execute: (id: string, body?: unknown, more?: Partial<SessionCall>) => Promise<SessionAnswer>;
  /** GET …/proxy/<path>. */
  readonly get: (id: string, path: string, more?: Partial<SessionCall>) => Promise<SessionAnswer>;
  /** DELETE of the session. */
  readonly remove: (id: string, force?: boolean) => Promise<SessionAnswer>;
  readonly status: (id: string) => Promise<SessionAnswer>;
  /** A WebSocket to …/proxy/ws. Throws when it is refused. */
  readonly openSocket: (id: string, more?: Pick<SessionCall, 'gateway' | 'headers' | 'path'>) => Promise<OpenedSocket>;
  /** As another client: another gateway at first. */
  readonly at: (gateway: number) => SessionClient;
}

export interface SessionClientOptions {
  /** `http://127.0.0.1:<port>` of gateway number n. */
  readonly origin: (gateway: number) => string;
  readonly dispatcher: Dispatcher;
  readonly token: string;
  /** Tenant and owner as one text. */
  readonly owner: string;
  readonly gateway: number;
  readonly table: ClientTable;
}

export function createSessionClient(options: SessionClientOptions): SessionClient {
  const { origin, dispatcher, token, table } = options;
  const authorization = `Bearer ${token}`;

  /** Writes the request down; the answer's own request id takes the place of the one that was sent. */
  const begin = (call: Pick<SessionCall, 'id' | 'path' | 'method' | 'gateway'>) => {
    const { id, path = '', method = 'GET', gateway = options.gateway } = call;
    const requestId = randomUUID();
    const finish = table.begin({ requestId, gateway, session: `${options.owner}/${id}`, sessionId: id, method, path });
    return {
      requestId,
      finish,
      url: `${origin(gateway)}/api/v1/session/${id}${path === '' || path.startsWith('?') ? path : `/${path}`}`,
    };
  };

  const call: SessionClient['call'] = async (asked) => {
    const { body, headers = {}, signal, onData } = asked;
    const method = asked.method ?? (body === undefined ? 'GET' : 'POST');
    const { requestId, finish, url } = begin({ ...asked, method });
    try {
      const { origin: base, pathname, search } = new URL(url);
      const response = await dispatcher.request({
        origin: base,
        path: pathname + search,
        method,
        headers: {
          authorization,
          'x-request-id': requestId,
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
        ...(signal !== undefined && { signal }),
      });
      let text = '';
      response.body.setEncoding('utf8');
      for await (const piece of response.body as AsyncIterable<string>) {
        text += piece;
        onData?.(piece);
      }
      const received = response.headers;
      const json = parseJson(text);
      const status = response.statusCode;
      const code = status >= 400 ? (json as { code?: string } | undefined)?.code : undefined;
      const start = headerOf(received, 'x-podkeeper-start');
      const row = finish({
        requestId: headerOf(received, 'x-request-id') ?? requestId,
        status,
        code: code ?? null,
        start: start ?? null,
        pod: (json as { pod?: AnsweringPod } | undefined)?.pod ?? null,
      });
      return { status, headers: received, text, json, code, start, row };
    } catch (error) {
      finish({ error: messageOf(error) });
      throw error;
    }
  };

  return {
    call,
    execute: (id, body = {}, more = {}) => call({ ...more, id, path: 'execute', method: 'POST', body }),
    get: (id, path, more = {}) => call({ ...more, id, path: `proxy/${path}` }),
    remove: (id, force = false) => call({ id, path: force ? '?force=true' : '', method: 'DELETE' }),
    status: (id) => call({ id, path: 'status' }),
    openSocket: async (id, { path = 'proxy/ws', headers = {}, gateway } = {}) => {
      const { requestId, finish, url } = begin({ id, path, ...(gateway !== undefined && { gateway }) });
      return await openSocket({
        url: url.replace(/^http/, 'ws'),
        headers: { authorization, 'x-request-id': requestId, ...headers },
        dispatcher,
        finish,
      });
    },
    at: (gateway) => createSessionClient({ ...options, gateway }),
  };
}

function headerOf(headers: SessionAnswer['headers'], name: string): string | undefined {
  return [headers[name]].flat()[0];
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // A stream, or a body that was not meant to be JSON.
    return undefined;
  }
}

/** Not `instanceof Error`: errors of Node's own modules are of another realm in a test. */
function messageOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : String(error);
}
