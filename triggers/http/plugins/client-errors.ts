import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { randomUUID } from 'node:crypto';
import type { FailureCode } from '../../../domain/failures.ts';
import type { Logger } from '../../../platform/logger.ts';
import { Problem } from '../problems/problem.ts';
import { problemDocument, problemMediaType } from '../problems/problem-document.ts';
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

/** Answers on the bare socket, with a problem document too, and closes it. */
export function answerClientError(logger: Logger): (error: Error & { readonly code?: string }, socket: Socket) => void {
  return (error, socket) => {
    if (error.code === 'ECONNRESET' || !socket.writable) {
      socket.destroy();
      return;
    }
    const { code, detail } = known[error.code ?? ''] ?? malformed;
    const problem = new Problem(code, { detail });
    const requestId = randomUUID();
    logger.info({ requestId, status: problem.status, reason: error.code }, 'refused before it was a request');
    const body = JSON.stringify(problemDocument(problem, requestId));
    const head = [
      `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status] ?? ''}`,
      `Content-Type: ${problemMediaType}`,
      `Content-Length: ${Buffer.byteLength(body)}`,
      `X-Request-Id: ${requestId}`,
      'Cache-Control: no-store',
      'Connection: close',
    ];
    socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
  };
}
