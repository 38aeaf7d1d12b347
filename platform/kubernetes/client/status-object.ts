import { maxRetryAfterSeconds } from './retry-after.ts';

/** The part of a `Status` object that an error keeps. */
export interface StatusDescription {
  readonly reason: string;
  readonly detail: string;
  readonly retryAfterSeconds: number | null;
}

/**
 * Reads a `Status` object: the body of an error answer, or the payload of a watch's ERROR event. Anything else is
 * described as unexplained; it never throws.
 */
export function describeStatus(parsed: unknown): StatusDescription {
  const { reason, message, details } = asRecord(parsed);
  const { retryAfterSeconds } = asRecord(details);
  const seconds = typeof retryAfterSeconds === 'number' && retryAfterSeconds > 0 ? retryAfterSeconds : null;
  return {
    reason: typeof reason === 'string' && reason !== '' ? reason : 'Unexplained',
    detail: typeof message === 'string' ? message : 'the answer gives no message',
    retryAfterSeconds: seconds === null ? null : Math.min(seconds, maxRetryAfterSeconds),
  };
}

function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
