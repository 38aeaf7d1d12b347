import { createHash } from 'node:crypto';
import { log } from '../log.mjs';

/**
 * One line for each request, when its answer is over. Whether the answer was sent whole is in `complete`. The session is
 * told by a hash. Probes of /healthz are left out: there is one a second.
 */
export function createRequestLog(sessionId) {
  const session = createHash('sha256').update(sessionId).digest('hex').slice(0, 16);
  const describe = (request, path) => ({
    method: request.method,
    path,
    session,
    requestId: request.headers['x-request-id'] ?? null,
  });

  function follow({ request, response, path }) {
    if (path === '/healthz') return;
    const startedMs = performance.now();
    response.once('close', () => {
      const ms = Math.round(performance.now() - startedMs);
      log('request', {
        ...describe(request, path),
        status: response.statusCode,
        complete: response.writableFinished,
        ms,
      });
    });
  }

  const upgrade = ({ request, path, status }) => log('request', { ...describe(request, path), status });
  return { follow, upgrade };
}
