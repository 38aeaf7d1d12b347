import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import type { FailureCode } from '../../../domain/failures.ts';
import { Problem } from '../../http/problems/problem.ts';
import { problemText } from '../../http/problems/problem-text.ts';
import type { Turns } from './in-turn.ts';
import type { GatewayLimits } from './limits.ts';

/** A client that does not take its answer is not waited for. */
const answerMs = 1000;

export interface ClientErrorOptions {
  readonly limits: GatewayLimits;
  readonly turnsOf: (socket: Socket) => Turns | undefined;
  readonly onRefused: (code: FailureCode) => void;
}

/** Answers what node's parser gives up on: a problem document on the bare socket, then the connection is closed. */
export function createClientErrors({ limits, turnsOf, onRefused }: ClientErrorOptions) {
  return (error: Error & { readonly code?: string }, socket: Socket): void => {
    const turns = turnsOf(socket);
    const current = turns?.current;
    if (error.code === 'ECONNRESET' || !socket.writable) {
      socket.destroy();
      return;
    }
    if (turns !== undefined && current?.request.complete === true) {
      // What is not a request came after one that is. That one gets its answer, and nothing more is taken.
      turns.broken = true;
      if (!current.response.headersSent) current.response.setHeader('connection', 'close');
      return;
    }
    if (current?.refused === true) {
      // It has its answer; the rest of it is not worth waiting for.
      current.response.end();
      return;
    }
    if (current !== undefined) {
      // Something may be with the pod already; with the client only when the answer has begun.
      if (current.response.headersSent) {
        socket.destroy();
        return;
      }
      current.refused = true;
    }
    const problem = clientProblem(error.code, limits);
    onRefused(problem.code);
    socket.end(problemText(problem, current?.requestId ?? randomUUID()));
    setTimeout(() => socket.destroy(), answerMs).unref();
  };
}

/** https://nodejs.org/api/http.html#event-clienterror */
function clientProblem(code: string | undefined, { headerBytes, headerMs }: GatewayLimits): Problem {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return new Problem('headers_too_large', {
        detail: `The request line and the headers may have ${headerBytes} bytes together.`,
      });
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new Problem('request_timeout', { detail: `The head of a request must come within ${headerMs / 1000} s.` });
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW':
      return new Problem('body_too_large', { detail: 'The chunk extensions are bigger than what they may be.' });
    default:
      return new Problem('invalid_request', { detail: 'This is not an HTTP/1.1 request.' });
  }
}
