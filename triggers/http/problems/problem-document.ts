import { failures } from '../../../domain/failures.ts';
import type { Problem, RequestFault } from './problem.ts';

/** The media type of every answer of 400 and above but that of `/ready`. */
export const problemMediaType = 'application/problem+json';

/** RFC 9457, with the code and what a client needs to decide what to do. */
interface ProblemDocument {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
  readonly retryable: boolean;
  readonly requestId: string;
  readonly errors?: readonly RequestFault[];
}

/** What a client is told of a problem: never its cause. */
export function problemDocument(problem: Problem, requestId: string): ProblemDocument {
  const { code, status, message, errors } = problem;
  return {
    // Not an address: nothing is promised to be there (RFC 9457, section 3.1.1).
    type: `urn:podkeeper:problem:${code}`,
    title: failures[code].meaning,
    status,
    detail: message,
    code,
    retryable: failures[code].retryable,
    requestId,
    ...(errors.length > 0 && { errors }),
  };
}
