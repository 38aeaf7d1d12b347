import type { IncomingMessage, ServerResponse } from 'node:http';
import { requestId } from '../../http/plugins/request-id.ts';
import { Problem } from '../../http/problems/problem.ts';
import { toProblem } from '../../http/problems/to-problem.ts';
import type { GatewayAddress } from '../api/read-address.ts';
import { isJson } from '../api/read-json-body.ts';
import type { ApiAnswer, ApiRequest } from '../api/session-api.ts';
import type { SessionTargets } from '../api/session-targets.ts';
import type { Authenticate } from '../auth/authenticate.ts';
import type { SessionProxy } from '../proxy/session-proxy.ts';
import type { Caller } from '../session/caller.ts';
import { sendBody } from './answers/send-body.ts';
import { sendProblem } from './answers/send-problem.ts';
import { checkRequest } from './check-request.ts';
import type { Exchange, Exchanges } from './exchanges.ts';
import type { createTurns } from './in-turn.ts';
import type { GatewayLimits } from './limits.ts';
import type { Observe } from './observe.ts';
import { sessionExchange } from './session-exchange-of.ts';

export interface HandlerDependencies {
  readonly limits: GatewayLimits;
  readonly authenticate: Authenticate;
  readonly targets: SessionTargets;
  readonly proxy: SessionProxy;
  readonly api: (request: ApiRequest) => Promise<ApiAnswer>;
  readonly exchanges: Exchanges;
  readonly turns: ReturnType<typeof createTurns>;
  readonly observe: Observe;
  readonly protocol: 'http' | 'https';
  /** Whether the process is on its way out: the next request of a client is for another one. */
  readonly isStopping: () => boolean;
  /** Why no load balancer should send anything here; undefined when it may. */
  readonly notReady: () => string | undefined;
}

/** One reason for all: making an error for each client that leaves would cost more than it tells. */
const clientGone = new Error('the client is gone');
/** `execute` of a pod, whatever the session's id is. */
const executePath = '/execute';

/** Answers requests: checks first, then a session's pod or the gateway itself. Never throws. */
export function createHandler(dependencies: HandlerDependencies) {
  const { exchanges, turns, isStopping } = dependencies;
  const begin = (request: IncomingMessage, response: ServerResponse): void => {
    const exchange: Exchange = {
      request,
      response,
      requestId: requestId(request),
      receivedAtMs: performance.now(),
      abort: new AbortController(),
      refused: false,
      place: -1,
    };
    exchanges.add(exchange);
    const connection = turns.of(request.socket);
    if (connection !== undefined) connection.current = exchange;
    response.once('close', () => {
      if (!response.writableFinished) exchange.abort.abort(clientGone);
      exchanges.delete(exchange);
      turns.next(request.socket);
    });
    if (isStopping() || request.httpVersion === '1.0') response.setHeader('connection', 'close');
    void answer(exchange, dependencies);
  };
  return (request: IncomingMessage, response: ServerResponse): void =>
    turns.enter(request.socket, () => begin(request, response));
}

async function answer(exchange: Exchange, dependencies: HandlerDependencies): Promise<void> {
  const { request, response } = exchange;
  try {
    const address = checkRequest(request, dependencies.limits);
    if (address.kind === 'health') {
      sendHealth(exchange, dependencies);
      return;
    }
    const known = dependencies.authenticate(request.headers);
    // Waiting costs a turn of the loop even for what is there.
    const caller = known instanceof Promise ? await known : known;
    exchange.caller = caller;
    if (address.kind === 'execute' || address.kind === 'proxy') {
      await forward({ exchange, address, caller }, dependencies);
      if (!response.headersSent && !response.destroyed) throw new Error('a request was left without an answer');
      return;
    }
    // The only one of the gateway's own that reads a body, and a client may wait to be told to send it.
    if (address.kind === 'extend' && request.headers.expect !== undefined) response.writeContinue();
    answerApi(exchange, await dependencies.api({ address, request, caller }), dependencies.observe);
  } catch (error) {
    refuse(exchange, error, dependencies.observe);
  }
}

interface ForwardInput {
  readonly exchange: Exchange;
  readonly address: Extract<GatewayAddress, { readonly sessionId: string }>;
  readonly caller: Caller;
}

async function forward({ exchange, address, caller }: ForwardInput, dependencies: HandlerDependencies): Promise<void> {
  const { request, response, requestId: id, receivedAtMs, abort } = exchange;
  const { sessionId } = address;
  if (address.kind !== 'proxy' && !isJson(request)) throw new Problem('unsupported_media_type');
  const { targets, protocol, proxy } = dependencies;
  const { signal } = abort;
  const path = address.kind === 'proxy' ? address.path : executePath;
  const ready = sessionExchange({
    request,
    caller,
    sessionId,
    targets,
    path,
    requestId: id,
    receivedAtMs,
    protocol,
    signal,
  });
  await proxy.forward(ready, response);
}

function answerApi(exchange: Exchange, { status, body }: ApiAnswer, observe: Observe): void {
  const { response, requestId: id, refused, receivedAtMs } = exchange;
  if (refused || response.destroyed) return;
  const text = body === undefined ? '' : JSON.stringify(body);
  sendBody(response, { status, requestId: id, mediaType: 'application/json', text });
  observe.answered(status, receivedAtMs);
}

function sendHealth({ response, requestId: id }: Exchange, { isStopping, notReady }: HandlerDependencies): void {
  const status = isStopping() ? 'stopping' : notReady() === undefined ? 'ok' : 'starting';
  const text = JSON.stringify({ status });
  sendBody(response, { status: status === 'ok' ? 200 : 503, requestId: id, mediaType: 'application/json', text });
}

/** Answers with a Problem, as long as nothing else was sent; then only cutting the connection can tell the client. */
export function refuse(exchange: Exchange, error: unknown, observe: Observe): void {
  const { response, abort, requestId: id } = exchange;
  if (exchange.refused) return;
  exchange.refused = true;
  // Nobody is there to be answered.
  if (response.destroyed || (abort.signal.aborted && abort.signal.reason === clientGone)) return;
  const problem = toProblem(error);
  observe.refused(problem, exchange);
  if (response.headersSent) response.destroy();
  else sendProblem(response, problem, id);
}
