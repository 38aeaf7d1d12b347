import type { FailureCode } from '../../../domain/failures.ts';
import { Problem } from './problem.ts';
import { temporalProblem } from './temporal-problem.ts';

/** What fastify itself refuses, by the status it gives it. Its messages name no internals. */
const refusals: Readonly<Record<number, FailureCode>> = {
  400: 'invalid_request',
  404: 'not_found',
  405: 'method_not_allowed',
  408: 'request_timeout',
  413: 'body_too_large',
  414: 'headers_too_large',
  415: 'unsupported_media_type',
  431: 'headers_too_large',
};

/** Any error that left a handler or a hook, as a Problem; what nobody foresaw is an `internal_error`. */
export function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  return refusal(error) ?? temporalProblem(error) ?? new Problem('internal_error', { cause: error });
}

function refusal(error: unknown): Problem | undefined {
  if (!(error instanceof Error) || !('statusCode' in error) || typeof error.statusCode !== 'number') return undefined;
  // Not every error with a statusCode is an answer: those of other HTTP clients have one too.
  const own = 'code' in error && typeof error.code === 'string' && error.code.startsWith('FST_ERR_');
  const code = own ? refusals[error.statusCode] : undefined;
  if (code === undefined) return undefined;
  if (code !== 'invalid_request') return new Problem(code, { cause: error });
  return new Problem(code, { cause: error, errors: [{ path: 'request', message: error.message }] });
}
