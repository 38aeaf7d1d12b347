import type { IncomingMessage } from 'node:http';

/** So much of a body that nobody wants any more is read, that its sender can read the answer; then it is cut off. */
const mostBytes = 16 * 1024 * 1024;
const mostMs = 5000;

/**
 * For a request that is over, perhaps before its body was whole. Closing at once would often destroy the answer on its way:
 * a connection that is closed with something unread in it is reset.
 */
export function leaveRest(request: IncomingMessage): void {
  if (request.complete || request.destroyed) {
    request.resume();
    return;
  }
  let bytes = 0;
  const timer = setTimeout(() => request.destroy(), mostMs).unref();
  request.once('close', () => clearTimeout(timer));
  request.once('end', () => clearTimeout(timer));
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > mostBytes) request.destroy();
  });
  request.resume();
}
