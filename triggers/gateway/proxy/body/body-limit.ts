import type { IncomingMessage } from 'node:http';
import { Problem } from '../../../http/problems/problem.ts';

/** Throws the Problem of a request that says itself that it is too large, before a byte of its body is read. */
export function checkDeclaredLength({ headers }: IncomingMessage, limitBytes: number): void {
  const length = headers['content-length'];
  if (length !== undefined && Number(length) > limitBytes) throw bodyTooLarge(limitBytes);
}

export function bodyTooLarge(limitBytes: number): Problem {
  return new Problem('body_too_large', { detail: `A request to this session may have ${limitBytes} bytes of body.` });
}
