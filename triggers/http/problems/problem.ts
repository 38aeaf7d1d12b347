import { type FailureCode, failures } from '../../../domain/failures.ts';

/** One place of a request that is not as it should be. */
export interface RequestFault {
  /** `body.item.metadata.uid`, `query.limit`, `body[3].type`. */
  readonly path: string;
  readonly message: string;
}

export interface ProblemOptions {
  readonly detail?: string;
  readonly errors?: readonly RequestFault[];
  /** Sent as Retry-After. */
  readonly retryAfterSeconds?: number;
  /** Further headers of the answer, such as Allow. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly cause?: unknown;
}

/** An answer that is not a success, thrown by whoever knows; the error handler turns it into a problem document (RFC 9457). */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly code: FailureCode;
  readonly errors: readonly RequestFault[];
  readonly retryAfterSeconds: number | undefined;
  readonly headers: Readonly<Record<string, string>>;

  constructor(code: FailureCode, { detail, errors = [], retryAfterSeconds, headers = {}, cause }: ProblemOptions = {}) {
    super(detail ?? failures[code].meaning, { cause });
    this.code = code;
    this.errors = errors;
    this.retryAfterSeconds = retryAfterSeconds;
    this.headers = headers;
  }

  get status(): number {
    return failures[this.code].httpStatus;
  }
}
