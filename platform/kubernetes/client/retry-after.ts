/** A server that asks for more is not waited for longer: five minutes. */
export const maxRetryAfterSeconds = 300;

/**
 * Reads a Retry-After header: seconds, or an HTTP date.
 * @returns seconds from `nowMs`, between 0 and {@link maxRetryAfterSeconds}; `null` when there is none to read.
 */
export function parseRetryAfter(header: string | string[] | undefined, nowMs: number): number | null {
  const value = Array.isArray(header) ? header[0] : header;
  if (value === undefined || value.trim() === '') return null;
  const seconds = /^\s*\d+\s*$/.test(value) ? Number(value) : (Date.parse(value) - nowMs) / 1000;
  if (Number.isNaN(seconds)) return null;
  return Math.min(Math.max(seconds, 0), maxRetryAfterSeconds);
}
