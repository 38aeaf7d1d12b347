import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';

/** More was sent than the class takes. */
export class BodyTooLargeError extends Error {
  override readonly name = 'BodyTooLargeError';
}

/** The client stopped sending before its body was whole. */
export class BodyStalledError extends Error {
  override readonly name = 'BodyStalledError';
}

export interface BodyOptions {
  readonly limitBytes: number;
  /** How long the client may be silent. */
  readonly stallMs: number;
  /** Called before the first byte is asked for. */
  readonly onBegin: () => void;
}

/** A body that is here whole, with nothing waited for, can be sent again. Bigger ones are streamed. */
const wholeBytes = 64 * 1024;

/** Whether a request says that it has a body. */
export function hasBody({ headers }: IncomingMessage): boolean {
  if (headers['transfer-encoding'] !== undefined) return true;
  const length = headers['content-length'];
  return length !== undefined && length !== '0';
}

/** The body when all of it came together with the headers; nothing is waited for. */
export function takeWholeBody(request: IncomingMessage): Buffer | undefined {
  const { readableLength, complete, headers } = request;
  // Node says only a little later that a request is complete.
  const whole = complete || Number(headers['content-length']) === readableLength;
  if (!whole || readableLength > wholeBytes) return undefined;
  const body = request.read() as Buffer | null;
  // So that the stream comes to its end: Node keeps a request whose end nobody has read.
  request.resume();
  return body ?? Buffer.alloc(0);
}

/**
 * A request's body as it comes, with the client held back while the pod does not take it. Ending this stream leaves the
 * request alone, and with it the client's connection. Reading begins with the first read, so a body that was
 * never asked for is still all there.
 */
export class RequestBody extends Readable {
  readonly #source: IncomingMessage;
  readonly #options: BodyOptions;
  /** There once reading has begun. */
  #timer: NodeJS.Timeout | undefined;
  #bytes = 0;

  constructor(source: IncomingMessage, options: BodyOptions) {
    super({ highWaterMark: wholeBytes });
    this.#source = source;
    this.#options = options;
  }

  get begun(): boolean {
    return this.#timer !== undefined;
  }

  override _read(): void {
    if (this.#timer === undefined) this.#begin();
    else this.#timer.refresh();
    this.#source.resume();
  }

  #begin(): void {
    const { onBegin, stallMs } = this.#options;
    onBegin();
    this.#source.on('data', this.#onData).on('end', this.#onEnd).on('close', this.#onClose);
    this.#timer = setTimeout(() => {
      // While the pod does not read, it is not the client that stalls.
      if (!this.#source.isPaused()) this.destroy(new BodyStalledError('the body stopped coming'));
    }, stallMs).unref();
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    clearTimeout(this.#timer);
    this.#source.off('data', this.#onData).off('end', this.#onEnd).off('close', this.#onClose);
    if (this.begun) this.#source.pause();
    callback(error);
  }

  readonly #onData = (chunk: Buffer): void => {
    this.#bytes += chunk.length;
    this.#timer?.refresh();
    if (this.#bytes > this.#options.limitBytes) this.destroy(new BodyTooLargeError('the body is above the limit'));
    else if (!this.push(chunk)) this.#source.pause();
  };

  readonly #onEnd = (): void => {
    this.push(null);
  };

  readonly #onClose = (): void => {
    if (!this.#source.readableEnded) this.destroy(new Error('the client is gone'));
  };
}
