import type { FailureCode } from '../../../domain/failures.ts';
import { Problem, type RequestFault } from './problem.ts';

/** A Problem for places of a request that are not as they should be; its detail names the first of them. */
export function faultProblem(code: FailureCode, errors: readonly RequestFault[]): Problem {
  const [first, ...others] = errors;
  if (first === undefined) return new Problem(code);
  const more = others.length === 0 ? '' : ` (and ${others.length} more)`;
  return new Problem(code, { detail: `${first.path} ${first.message}${more}`, errors });
}
