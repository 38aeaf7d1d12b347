import type { Readable } from 'node:stream';
import { isHeaderValue } from '../answer/header-line.ts';

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

/** Of these a server may expect a body, so that there is none must be said. RFC 9110, section 8.6 */
const withBody: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH']);
const target = /^[\x21-\x7e]+$/;

/**
 * The head of a request, with what its body needs. Throws when what it is made of would make it
 * another request; node's parser lets nothing like that through, and this must not depend on it.
 */
export function requestHead({ method, path, headers, body }: PodRequest): RequestHead {
  if (!target.test(path)) throw new Error('the path of a request to a pod is not sound');
  let text = `${method} ${path} HTTP/1.1\r\n`;
  let hasLength = false;
  for (let index = 0; index + 1 < headers.length; index += 2) {
    const name = headers[index] ?? '';
    const value = headers[index + 1] ?? '';
    if (!isHeaderValue(value)) throw new Error('a header of a request to a pod is not sound');
    hasLength ||= name.length === 14 && name.toLowerCase() === 'content-length';
    text += `${name}: ${value}\r\n`;
  }
  const isChunked = !hasLength && body !== null && !Buffer.isBuffer(body);
  if (isChunked) text += 'Transfer-Encoding: chunked\r\n';
  else if (!hasLength && (body !== null || withBody.has(method)))
    text += `Content-Length: ${Buffer.isBuffer(body) ? body.length : 0}\r\n`;
  return { text: `${text}Connection: keep-alive\r\n\r\n`, isChunked };
}
