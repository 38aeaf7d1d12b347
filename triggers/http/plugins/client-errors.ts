import type { Socket } from 'node:net';
import { randomUUID } from 'node:crypto';
import type { FailureCode } from '../../../domain/failures.ts';
import type { Logger } from '../../../platform/logger.ts';
import type { HttpApp } from '../http-app.ts';
import { Problem } from '../problems/problem.ts';
import { problemText } from '../problems/problem-text.ts';
import { requestLimits } from './limits.ts';

/** What node gives up on before it is a request. https://nodejs.org/api/http.html#event-clienterror */
const known: Readonly<Record<string, { readonly code: FailureCode; readonly detail: string }>> = {
  HPE_HEADER_OVERFLOW: {
    code: 'headers_too_large',
    detail: `The request line and the headers may have ${requestLimits.headerBytes} bytes together.`,
  },
  ERR_HTTP_REQUEST_TIMEOUT: { code: 'request_timeout', detail: 'The request did not arrive whole in time.' },
};
const malformed = { code: 'invalid_request', detail: 'This is not an HTTP/1.1 request.' } as const;

/** Answers what is no request, on the bare socket. */
export interface ClientErrors {
  readonly answer: (error: Error & { readonly code?: string }, socket: Socket) => void;
  /** Lets it know which sockets have had their answer. */
  readonly follow: (app: HttpApp) => void;
}

/** Problem documents here too; the connection is closed. */
export function createClientErrors(logger: Logger): ClientErrors {
  /** Their request was answered before all of it had come: a second answer would be taken for that of the next request. */
  const answered = new WeakSet<Socket>();
  return {
    follow(app) {
      app.addHook('onRequest', ({ raw }, _reply, next) => {
        answered.delete(raw.socket);
        next();
      });
      app.addHook('onResponse', ({ raw }, _reply, next) => {
        if (!raw.complete) answered.add(raw.socket);
        next();
      });
    },
    answer(error, socket) {
      if (error.code === 'ECONNRESET' || !socket.writable || answered.has(socket)) {
        socket.destroy();
        return;
      }
      const { code, detail } = known[error.code ?? ''] ?? malformed;
      const problem = new Problem(code, { detail });
      const requestId = randomUUID();
      logger.info({ requestId, status: problem.status, reason: error.code }, 'refused before it was a request');
      socket.end(problemText(problem, requestId));
    },
  };
}
