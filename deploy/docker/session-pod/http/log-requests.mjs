import { createHash } from 'node:crypto';
import { log } from '../log.mjs';

/**
 * One line for each request, when its answer is over, with all that a witness needs: which pod, for which session and
 * incarnation, from when to when (ms since 1970), how many bytes were sent, and in `complete` whether the answer was sent
 * whole. The client's id is told by a hash, and by its key as in the pod's name. Probes of /healthz are left out: there is
 * one a second.
 */
export function createRequestLog(settings) {
  const pod = {
    session: createHash('sha256').update(settings.sessionId).digest('hex').slice(0, 16),
    ...whoIs(settings),
  };
  const describe = (request, path) => ({
    method: request.method,
    path,
    ...pod,
    requestId: request.headers['x-request-id'] ?? null,
  });

  function follow({ request, response, path }) {
    if (path === '/healthz') return;
    const { socket } = request;
    const begin = Date.now();
    const startedMs = performance.now();
    const sentBefore = socket.bytesWritten;
    response.once('close', () => {
      const ms = Math.round(performance.now() - startedMs);
      log('request', {
        ...describe(request, path),
        status: response.statusCode,
        complete: response.writableFinished,
        begin,
        end: begin + ms,
        ms,
        bytes: socket.bytesWritten - sentBefore,
      });
    });
  }

  /** The line of an upgrade is there at once, that of its end once the WebSocket is over. */
  function upgrade({ request, path, status }) {
    const begin = Date.now();
    const described = describe(request, path);
    log('request', { ...described, status, begin });
    return { closed: (code, bytes) => log('websocket-closed', { ...described, code, begin, end: Date.now(), bytes }) };
  }

  return { follow, upgrade };
}

/** What the pod knows of itself; nulls without Podkeeper's variables. */
export function whoIs({ sessionKey, incarnation, podUid }) {
  return { sessionKey, incarnation, podUid };
}
