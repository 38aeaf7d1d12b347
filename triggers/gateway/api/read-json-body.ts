import type { IncomingMessage } from 'node:http';
import { Problem } from '../../http/problems/problem.ts';

const maxBytes = 4096;
const maxMs = 10_000;

/** Whether a request says that it sends JSON. A browser can send anything else to any server without asking it first. */
export function isJson({ headers }: IncomingMessage): boolean {
  const [type = ''] = (headers['content-type'] ?? '').split(';', 1);
  return type.trim().toLowerCase() === 'application/json';
}

/** The JSON of a small body. Throws a Problem: not JSON, too big, or not whole in ten seconds. */
export async function readJsonBody(request: IncomingMessage): Promise<unknown> {
  if (!isJson(request)) throw new Problem('unsupported_media_type');
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) throw tooLarge();
  const chunks: Buffer[] = [];
  let bytes = 0;
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => stop(new Problem('request_timeout', { headers: { connection: 'close' } })), maxMs);
    const onData = (chunk: Buffer): void => {
      bytes += chunk.length;
      if (bytes > maxBytes) stop(tooLarge());
      else chunks.push(chunk);
    };
    const onClose = (): void => stop(new Error('the client is gone'));
    const onEnd = (): void => stop();
    const stop = (error?: Error): void => {
      clearTimeout(timer);
      request.off('data', onData).off('end', onEnd).off('close', onClose);
      if (error === undefined) resolve();
      else reject(error);
    };
    // As of one that says it has none.
    if (request.readableEnded) stop();
    else request.on('data', onData).once('end', onEnd).once('close', onClose);
  });
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks)));
  } catch {
    throw new Problem('invalid_request', {
      errors: [{ path: 'body', message: 'is not valid JSON' }],
      detail: 'The body is not valid JSON.',
    });
  }
}

function tooLarge(): Problem {
  return new Problem('body_too_large', { detail: `The body may have ${maxBytes} bytes here.` });
}
