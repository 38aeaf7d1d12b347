import type { ServerResponse } from 'node:http';
import type { Problem } from '../../../http/problems/problem.ts';
import { problemDocument, problemMediaType } from '../../../http/problems/problem-document.ts';
import { retryAfterSeconds } from '../../../http/problems/retry-after.ts';
import { sendBody } from './send-body.ts';

/** Answers with a problem document (RFC 9457). Nothing may have been sent yet. */
export function sendProblem(response: ServerResponse, problem: Problem, requestId: string): void {
  // What a proxy has prepared for another answer is not for this one.
  for (const name of response.getHeaderNames()) if (name !== 'connection') response.removeHeader(name);
  const wait = retryAfterSeconds(problem);
  sendBody(response, {
    status: problem.status,
    requestId,
    mediaType: problemMediaType,
    text: JSON.stringify(problemDocument(problem, requestId)),
    headers: { ...problem.headers, ...(wait !== undefined && { 'retry-after': String(wait) }) },
  });
}
