import type { FastifyReply, FastifyRequest } from 'fastify';
import { toProblem } from './to-problem.ts';
import { problemDocument, problemMediaType } from './problem-document.ts';
import { retryAfterSeconds } from './retry-after.ts';

/** Answers with the problem document of any error. Failures of our own are logged in full, with the requestId. */
export function sendProblem(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const problem = toProblem(error);
  if (problem.status >= 500) request.log.error({ code: problem.code, err: problem.cause ?? problem }, 'request failed');
  const wait = retryAfterSeconds(problem);
  if (wait !== undefined) reply.header('retry-after', wait);
  // As text: a problem must get through even where an answer does not match its schema.
  return reply
    .code(problem.status)
    .headers(problem.headers)
    .type(problemMediaType)
    .headers({ 'cache-control': 'no-store', 'x-request-id': request.id })
    .send(JSON.stringify(problemDocument(problem, request.id)));
}
