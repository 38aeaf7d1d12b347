import { sendJson } from '../http/answers.mjs';
import { whoIs } from '../http/log-requests.mjs';
import { readJson } from '../http/read-json.mjs';
import { exitWith, fill, mirror, showProcess } from './for-tests.mjs';
import { slow, stream } from './timed.mjs';

/** What the pod serves: path to method to handler. A handler takes `{request, response, url}` and may throw ProblemError. */
export function createRoutes({ settings, state }) {
  const { sessionId, incarnation } = settings;
  const pod = whoIs(settings);
  let busy = false;

  async function execute({ request, response }) {
    const echo = await readJson(request);
    const count = await state.append(echo, request.headers['x-request-id'] ?? null);
    sendJson(response, 200, { sessionId, incarnation, count, echo, pod });
  }

  async function setBusy({ request, response }) {
    busy = (await readJson(request))?.busy === true;
    sendJson(response, 200, { busy });
  }

  return {
    '/execute': { POST: execute },
    '/state': { GET: ({ response }) => sendJson(response, 200, state.view()) },
    '/healthz': { GET: ({ response }) => sendJson(response, 200, { status: 'ok' }) },
    '/busy': { GET: ({ response }) => sendJson(response, 200, { busy }), POST: setBusy },
    '/slow': { GET: slow },
    '/stream': { GET: stream },
    ...(settings.tests
      ? {
          '/exit': { POST: exitWith(settings.exit) },
          '/fill': { POST: fill },
          '/mirror': mirror,
          '/process': { GET: showProcess },
        }
      : {}),
  };
}
