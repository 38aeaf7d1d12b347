import type { ServerResponse } from 'node:http';
import type { SessionStart } from '../../../workflows/session.messages.ts';
import { headersForPod } from '../request/forwarded-headers.ts';
import type { Route } from '../routes/route-table.ts';
import type { SessionExchange } from '../session/session-exchange.ts';
import type { Upstream } from '../upstream/upstream.ts';
import { PodBusyError } from './after-failure.ts';
import { ClientGoneError, PodAnswer, type TryResult } from './pod-answer.ts';
import { RequestBody } from './body/request-body.ts';

export interface Sending {
  readonly exchange: SessionExchange;
  readonly response: ServerResponse;
  readonly upstream: Pick<Upstream, 'send'>;
  readonly route: Route;
  readonly body: Buffer | RequestBody | null;
  readonly start: SessionStart;
  /** By `performance.now()`: until when the request may wait for a free socket. */
  readonly deadlineMs: number;
  readonly silenceMs: number;
}

/** Sends a request to a pod and passes its answer on. Resolves when that is over, however it ended. */
export function sendOnce({ exchange, response, ...sending }: Sending): Promise<TryResult> {
  const { upstream, route, body, start, deadlineMs, silenceMs } = sending;
  const { request, path, requestId, receivedAtMs, signal } = exchange;
  const { promise, resolve } = Promise.withResolvers<TryResult>();
  const sentAtMs = performance.now();
  let timer: NodeJS.Timeout | undefined;

  const answer = new PodAnswer({ response, ownHeaders, silenceMs, done });
  const onAbort = () => answer.abort(new ClientGoneError('the client is gone, or the gateway stops'));
  signal.addEventListener('abort', onAbort);
  const call = upstream.send(
    route,
    { path, method: request.method ?? 'GET', headers: headersForPod(request.rawHeaders, exchange), body },
    answer,
  );
  answer.follow(call);
  if (call.isQueued) {
    timer = setTimeout(() => answer.giveUpWaiting(new PodBusyError('no free socket')), deadlineMs - sentAtMs).unref();
  }
  if (signal.aborted) onAbort();
  return promise;

  function ownHeaders(headers: string[]): void {
    const toPod = (sentAtMs - receivedAtMs).toFixed(1);
    const ofPod = (performance.now() - sentAtMs).toFixed(1);
    headers.push('X-Request-Id', requestId, 'X-Podkeeper-Start', start);
    headers.push('Server-Timing', `route;dur=${toPod}, pod;dur=${ofPod}`);
  }

  function done(result: TryResult): void {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
    if (body instanceof RequestBody) body.destroy();
    resolve(result);
  }
}
