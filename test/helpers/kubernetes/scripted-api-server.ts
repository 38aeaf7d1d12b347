import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestObject, statusBody } from './objects.ts';
import { type WatchStream, openWatchStream } from './watch-stream.ts';

/** `probe` is a list of one object, by which the reflector asks for the server's newest version. */
type RequestKind = 'list' | 'probe' | 'watch' | 'other';

interface SeenRequest {
  readonly kind: RequestKind;
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
  readonly atMs: number;
}

export type Answer = (request: SeenRequest, response: ServerResponse) => void;

/** An API server that answers lists from `objects` and holds watches open, unless the test says otherwise. */
export interface ScriptedApiServer {
  readonly url: string;
  readonly kubeconfigPath: string;
  /** What a list answers. */
  objects: readonly TestObject[];
  version: string;
  /** What a probe answers: newer than all a test sends, unless it says otherwise. */
  newestVersion: string;
  /** What the next requests of a kind get instead of the usual answer, in this order. */
  script(kind: RequestKind, ...answers: readonly Answer[]): void;
  /** What every request of a kind gets instead of the usual answer. */
  readonly always: Partial<Record<RequestKind, Answer>>;
  /** The next accepted watch that was not handed out yet. */
  nextWatch(): Promise<WatchStream>;
  readonly requests: readonly SeenRequest[];
  of(kind: RequestKind): readonly SeenRequest[];
  readonly openSockets: ReadonlySet<Socket>;
  readonly connectionCount: number;
  /** Refuses connections; those that are open stay. */
  stopListening(): Promise<void>;
  listenAgain(): Promise<void>;
  close(): Promise<void>;
}

export async function startScriptedApiServer(): Promise<ScriptedApiServer> {
  const scripts = new Map<RequestKind, Answer[]>();
  const requests: SeenRequest[] = [];
  const sockets = new Set<Socket>();
  const streams: WatchStream[] = [];
  const waiting: ((stream: WatchStream) => void)[] = [];
  let connectionCount = 0;

  const http = createServer((request, response) => void receive(request, response));
  http.keepAliveTimeout = 60_000;
  http.on('connection', (socket: Socket) => {
    connectionCount += 1;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => sockets.delete(socket));
  });
  const listen = (port: number) => new Promise<void>((resolve) => http.listen(port, '127.0.0.1', resolve));
  await listen(0);
  const { port } = http.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  const folder = await mkdtemp(join(tmpdir(), 'podkeeper-scripted-'));
  const kubeconfigPath = join(folder, 'kubeconfig.json');
  await writeFile(kubeconfigPath, JSON.stringify(kubeconfigFor(url, 'first-token')));

  async function receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const seen = await readRequest(request);
    requests.push(seen);
    const scripted = scripts.get(seen.kind)?.shift() ?? server.always[seen.kind];
    if (scripted !== undefined) scripted(seen, response);
    else if (seen.kind === 'watch') acceptWatch(response);
    else if (seen.kind === 'list' || seen.kind === 'probe') answerList(server, seen, response);
    else answerStatus(404)(seen, response);
  }

  function acceptWatch(response: ServerResponse): void {
    const stream = openWatchStream(response);
    const receiver = waiting.shift();
    if (receiver === undefined) streams.push(stream);
    else receiver(stream);
  }

  const server: ScriptedApiServer = {
    url,
    kubeconfigPath,
    objects: [],
    version: '100',
    newestVersion: '1000000',
    always: {},
    script: (kind, ...answers) => void scripts.set(kind, [...(scripts.get(kind) ?? []), ...answers]),
    nextWatch: () => {
      const stream = streams.shift();
      return stream === undefined ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve(stream);
    },
    requests,
    of: (kind) => requests.filter((request) => request.kind === kind),
    openSockets: sockets,
    get connectionCount() {
      return connectionCount;
    },
    stopListening: () => {
      http.close();
      http.closeIdleConnections();
      return Promise.resolve();
    },
    listenAgain: () => listen(port),
    async close() {
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
      await rm(folder, { recursive: true });
    },
  };
  return server;
}

/** Usual list: pages by `limit`, the continue token is the index to go on at. */
function answerList(server: ScriptedApiServer, { kind, query }: SeenRequest, response: ServerResponse): void {
  const start = Number(query.get('continue') ?? 0);
  const end = start + Number(query.get('limit') ?? server.objects.length);
  const metadata = {
    resourceVersion: kind === 'probe' ? server.newestVersion : server.version,
    ...(end < server.objects.length ? { continue: String(end) } : {}),
  };
  answerJson({ kind: 'List', metadata, items: server.objects.slice(start, end) })(undefined, response);
}

/** A JSON answer, 200 unless said otherwise. */
export function answerJson(body: unknown, status = 200, headers: Record<string, string> = {}) {
  return (_: unknown, response: ServerResponse): void => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  };
}

/** An error answer with its Status object. */
export function answerStatus(code: number, reason = 'Test', headers: Record<string, string> = {}): Answer {
  return answerJson(statusBody(code, reason), code, headers);
}

/** No answer: the connection is reset. */
export const answerReset: Answer = (_, response) => void (response.socket as Socket).resetAndDestroy();

export function kubeconfigFor(server: string, token: string) {
  return {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'test',
    contexts: [{ name: 'test', context: { cluster: 'test', user: 'test' } }],
    clusters: [{ name: 'test', cluster: { server, 'insecure-skip-tls-verify': true } }],
    users: [{ name: 'test', user: { token } }],
  };
}

async function readRequest(request: IncomingMessage): Promise<SeenRequest> {
  const { pathname: path, searchParams: query } = new URL(request.url ?? '/', 'http://localhost');
  let body = '';
  for await (const chunk of request) body += String(chunk);
  const isList = request.method === 'GET' && query.has('limit');
  const kind =
    query.get('watch') === 'true' ? 'watch' : !isList ? 'other' : query.get('limit') === '1' ? 'probe' : 'list';
  return { kind, method: request.method ?? '', path, query, headers: request.headers, body, atMs: Date.now() };
}
