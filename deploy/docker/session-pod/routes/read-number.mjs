import { ProblemError } from '../http/problem-error.mjs';

/** A whole number of the query. Throws ProblemError (400) for anything else, or above `most`. */
export function readNumber(url, { name, most, standard }) {
  const text = url.searchParams.get(name);
  if (text === null) return standard;
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Infinity;
  if (value <= most) return value;
  const detail = `${name} must be a whole number from 0 to ${most}.`;
  throw new ProblemError({ status: 400, code: 'invalid_query', detail });
}
