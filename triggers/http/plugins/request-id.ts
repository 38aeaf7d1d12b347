import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** What may stand in a log line and a header without harm. */
const sane = /^[\w.:-]{1,128}$/;

/** The caller's own X-Request-Id, so that its log and ours can be matched; a new one where it is missing or odd. */
export function requestId({ headers }: Pick<IncomingMessage, 'headers'>): string {
  const given = headers['x-request-id'];
  return typeof given === 'string' && sane.test(given) ? given : randomUUID();
}
