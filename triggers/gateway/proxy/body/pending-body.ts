import type { IncomingMessage } from 'node:http';
import { type BodyOptions, RequestBody, hasBody, takeWholeBody } from './request-body.ts';
import { bodyTooLarge } from './body-limit.ts';

/** Methods that a server may get twice. https://www.rfc-editor.org/rfc/rfc9110#section-9.2.2 */
const idempotent: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT', 'DELETE']);

/** The body of one request over all tries to send it. */
export interface PendingBody {
  /** For the next try; call it only while `canBeSent`. Throws the Problem of a body that is above the limit. */
  next(limits: Pick<BodyOptions, 'limitBytes' | 'stallMs'>): Buffer | RequestBody | null;
  /** Whether all of it is still there. */
  canBeSent(): boolean;
  /** Whether the request means the same when a pod gets it twice. */
  isReplayable(): boolean;
}

/** `onBegin` is called before the body's first byte is asked for, if it has to be asked for. */
export function createPendingBody(request: IncomingMessage, onBegin: () => void): PendingBody {
  let whole: Buffer | undefined;
  let stream: RequestBody | undefined;
  return {
    next({ limitBytes, stallMs }) {
      if (!hasBody(request)) return null;
      whole ??= stream === undefined ? takeWholeBody(request) : undefined;
      if (whole !== undefined) {
        if (whole.length > limitBytes) throw bodyTooLarge(limitBytes);
        return whole;
      }
      stream?.destroy();
      stream = new RequestBody(request, { limitBytes, stallMs, onBegin });
      return stream;
    },
    canBeSent: () => stream?.begun !== true,
    isReplayable: () => stream?.begun !== true && idempotent.has(request.method ?? ''),
  };
}
