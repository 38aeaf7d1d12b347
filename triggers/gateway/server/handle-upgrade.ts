import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { requestId } from '../../http/plugins/request-id.ts';
import { Problem } from '../../http/problems/problem.ts';
import { problemText } from '../../http/problems/problem-text.ts';
import { toProblem } from '../../http/problems/to-problem.ts';
import type { SessionTunnels } from '../websocket/session-tunnels.ts';
import { checkRequest } from './check-request.ts';
import type { HandlerDependencies } from './handle-request.ts';
import { sessionExchange } from './session-exchange-of.ts';

/** A client that does not take its answer is not waited for. */
const answerMs = 1000;

export interface UpgradeDependencies extends Pick<
  HandlerDependencies,
  'limits' | 'authenticate' | 'targets' | 'observe' | 'protocol'
> {
  readonly tunnels: Pick<SessionTunnels, 'open'>;
  /** Whether all tunnels are being closed: another one would be cut. */
  readonly isClosing: () => boolean;
}

/** Takes requests for a WebSocket: the same checks as for any other, then a tunnel. Never throws. */
export function createUpgradeHandler(dependencies: UpgradeDependencies) {
  return (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    // Node has let go of the socket: without this, a reset would end the process.
    socket.on('error', () => socket.destroy());
    void open({ request, socket, head }, dependencies);
  };
}

interface Upgrade {
  readonly request: IncomingMessage;
  readonly socket: Duplex;
  readonly head: Buffer;
}

async function open({ request, socket, head }: Upgrade, dependencies: UpgradeDependencies): Promise<void> {
  const { limits, authenticate, targets, observe, protocol, tunnels } = dependencies;
  const receivedAtMs = performance.now();
  const id = requestId(request);
  const abort = new AbortController();
  socket.once('close', () => abort.abort(new Error('the client is gone')));
  const { bytesWritten } = request.socket;
  try {
    const address = checkRequest(request, limits);
    if (hasBody(request)) throw new Problem('invalid_request', { detail: 'A request for a WebSocket has no body.' });
    if (address.kind === 'health') throw new Problem('invalid_request', { detail: noWebSocket });
    const caller = await authenticate(request.headers);
    if (address.kind !== 'proxy') throw new Problem('invalid_request', { detail: noWebSocket });
    if (dependencies.isClosing()) throw new Problem('shutting_down');
    const { sessionId, path } = address;
    const exchange = sessionExchange({
      request,
      caller,
      sessionId,
      targets,
      path,
      requestId: id,
      receivedAtMs,
      protocol,
      signal: abort.signal,
    });
    await tunnels.open(exchange, socket, head);
  } catch (error) {
    if (abort.signal.aborted) return;
    const problem = toProblem(error);
    observe.refused(problem, { receivedAtMs, requestId: id });
    if (request.socket.bytesWritten === bytesWritten && socket.writable) {
      socket.end(problemText(problem, id));
      setTimeout(() => socket.destroy(), answerMs).unref();
    } else socket.destroy();
  }
}

const noWebSocket = 'WebSockets are taken at /api/v1/session/<id>/proxy/ alone.';

function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0';
}
