import { createServer } from 'node:http';
import { refuseUpgrade, sendJson, sendProblem } from './http/answers.mjs';
import { createRequestLog } from './http/log-requests.mjs';
import { ProblemError } from './http/problem-error.mjs';
import { createIdentity, identityPath } from './identity.mjs';
import { log } from './log.mjs';
import { createRoutes } from './routes/routes.mjs';
import { echoMessages } from './websocket/echo.mjs';
import { acceptUpgrade } from './websocket/upgrade.mjs';

const limits = {
  maxHeaderSize: 16 * 1024,
  headersTimeout: 10_000,
  // Longer than a client keeps an idle connection: else it could send on one that is just being closed.
  keepAliveTimeout: 120_000,
};
const unproven = {
  status: 421,
  code: 'unproven',
  detail: `This connection has no proof yet. GET ${identityPath} on it first.`,
};

/** The pod's HTTP server, not yet listening, and its open WebSockets. */
export function createSessionServer({ settings, state }) {
  const identity = createIdentity(settings);
  const routes = createRoutes({ settings, state });
  const requests = createRequestLog(settings);
  const webSockets = new Set();
  const open = new Set();
  let stopping = false;
  const server = createServer(limits, (request, response) => void handle(request, response));
  server.on('upgrade', upgrade);

  async function handle(request, response) {
    const url = readUrl(request);
    requests.follow({ request, response, path: url?.pathname ?? null });
    if (stopping) response.setHeader('connection', 'close');
    open.add(response);
    response.once('close', () => open.delete(response));
    try {
      await serve({ request, response, url });
    } catch (error) {
      if (error instanceof ProblemError) return sendProblem(response, error.problem);
      // The client went away while its body was read: there is nobody to tell.
      if (request.destroyed && !request.complete) return response.destroy();
      log('error', { message: error.message });
      sendProblem(response, { status: 500, code: 'internal', detail: 'The session failed to serve this request.' });
    }
    return undefined;
  }

  async function serve({ request, response, url }) {
    if (url === null) throw new ProblemError({ status: 400, code: 'invalid_target', detail: 'The path is not valid.' });
    const methods = routes[url.pathname];
    if (identity.isNative && url.pathname === identityPath) return prove(request, response);
    // Closed with the answer: an unproven connection is of no use to anybody.
    if (url.pathname !== '/healthz' && !identity.isProven(request.socket)) {
      return sendProblem(response, { ...unproven, headers: { connection: 'close' } });
    }
    if (methods === undefined) {
      throw new ProblemError({ status: 404, code: 'not_found', detail: `There is nothing at ${url.pathname}.` });
    }
    const handler = methods[request.method];
    if (handler === undefined) throw wrongMethod(Object.keys(methods));
    return handler({ request, response, url });
  }

  function prove(request, response) {
    if (request.method !== 'GET') throw wrongMethod(['GET']);
    const { status, proof, reason } = identity.prove(request);
    if (status === 200) return sendJson(response, 200, proof, { 'cache-control': 'no-store' });
    const code = status === 400 ? 'invalid_nonce' : 'wrong_mac';
    return sendProblem(response, { status, code, detail: reason, headers: { connection: 'close' } });
  }

  function upgrade(request, socket, head) {
    // Before the handshake is over nobody else listens for it.
    socket.on('error', () => socket.destroy());
    const path = readUrl(request)?.pathname ?? null;
    const status = answerUpgrade({ request, socket, path });
    const { closed } = requests.upgrade({ request, path, status });
    if (status !== 101) return;
    const webSocket = echoMessages(socket, { head, closed });
    webSockets.add(webSocket);
    socket.once('close', () => webSockets.delete(webSocket));
  }

  function answerUpgrade({ request, socket, path }) {
    if (!identity.isProven(socket)) {
      refuseUpgrade(socket, unproven);
      return unproven.status;
    }
    if (path !== '/ws') {
      refuseUpgrade(socket, { status: 404, code: 'not_found', detail: 'WebSockets are at /ws.' });
      return 404;
    }
    return acceptUpgrade(request, socket);
  }

  /** From now on each answer says that its connection ends with it, so that nobody sends another request on it. */
  function refuseReuse() {
    stopping = true;
    for (const response of open) if (!response.headersSent) response.setHeader('connection', 'close');
  }

  return { server, webSockets, refuseReuse };
}

function readUrl({ url }) {
  return url.startsWith('/') ? URL.parse(`http://pod${url}`) : null;
}

function wrongMethod(allowed) {
  const allow = allowed.join(', ');
  return new ProblemError({ status: 405, code: 'wrong_method', detail: `Use ${allow}.`, headers: { allow } });
}
