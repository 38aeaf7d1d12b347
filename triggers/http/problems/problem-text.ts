import { STATUS_CODES } from 'node:http';
import type { Problem } from './problem.ts';
import { problemDocument, problemMediaType } from './problem-document.ts';
import { retryAfterSeconds } from './retry-after.ts';

/** A whole answer, head and body, for a bare socket that is closed after it. */
export function problemText(problem: Problem, requestId: string): string {
  const body = JSON.stringify(problemDocument(problem, requestId));
  const wait = retryAfterSeconds(problem);
  const { connection: _, ...headers } = problem.headers;
  const head = [
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status] ?? ''}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    ...(wait === undefined ? [] : [`Retry-After: ${wait}`]),
    `Content-Type: ${problemMediaType}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    `X-Request-Id: ${requestId}`,
    'Cache-Control: no-store',
    'Connection: close',
  ];
  return `${head.join('\r\n')}\r\n\r\n${body}`;
}
