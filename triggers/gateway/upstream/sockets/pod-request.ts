import type { Readable } from 'node:stream';
import { isHeaderValue, isToken } from '../answer/header-line.ts';

/** What is asked of a pod. */
export interface PodRequest {
  readonly method: string;
  /** Raw, with its query. */
  readonly path: string;
  /** End-to-end headers: name, value, name, value … */
  readonly headers: readonly string[];
  /** A stream is destroyed by whoever made it. */
  readonly body: Buffer | Readable | null;
}

/** A request's head, ready to be written. */
export interface RequestHead {
  /** latin1. */
  readonly text: string;
  /** Whether the body goes in chunks; otherwise as it is. */
  readonly isChunked: boolean;
}

/**
 * Of these a server may expect a body, so that there is none must be said. Of others it may not expect one, and could take
 * it for the next request. RFC 9110, sections 8.6 and 9.3
 */
const withBody: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH']);
const target = /^[\x21-\x7e]+$/;

/**
 * The head of a request, with what its body needs. Throws when a part of it could make it another
 * request; node's parser lets nothing like that through, and this must not depend on it. That it has one length at most was
 * checked with the client's request (framingFault).
 */
export function requestHead({ method, path, headers, body }: PodRequest): RequestHead {
  if (!isToken(method) || !target.test(path)) throw new Error('the first line of a request to a pod is not sound');
  let text = `${method} ${path} HTTP/1.1\r\n`;
  let hasLength = false;
  for (let index = 0; index + 1 < headers.length; index += 2) {
    const name = headers[index] ?? '';
    const value = headers[index + 1] ?? '';
    if (!isToken(name) || !isHeaderValue(value)) throw new Error('a header of a request to a pod is not sound');
    hasLength ||= name.length === 14 && name.toLowerCase() === 'content-length';
    text += `${name}: ${value}\r\n`;
  }
  const isChunked = !hasLength && body !== null && !Buffer.isBuffer(body);
  if (isChunked) text += 'Transfer-Encoding: chunked\r\n';
  else if (!hasLength && (body !== null || withBody.has(method)))
    text += `Content-Length: ${Buffer.isBuffer(body) ? body.length : 0}\r\n`;
  return { text: `${text}Connection: keep-alive\r\n\r\n`, isChunked };
}

/** Whether another request can follow on the connection: no server is in doubt on where this one ends. */
export function canBeFollowed({ method, body }: PodRequest): boolean {
  return body === null || withBody.has(method);
}
