import type { ServerResponse } from 'node:http';
import { headersForClient } from '../request/forwarded-headers.ts';
import type { AnswerHead } from '../upstream/answer/answer-head.ts';
import type { AnswerSink, PodCall, SendFailure } from '../upstream/sockets/pod-call.ts';

/** How a try to have a request answered ended. */
export type TryResult =
  /** The answer went to the client, whole. */
  | { readonly state: 'answered' }
  /** It began, and could not be finished: the client's connection was cut, or the client is gone. */
  | { readonly state: 'cut'; readonly error: unknown }
  | FailedTry;

/** Nothing went to the client. */
export interface FailedTry extends SendFailure {
  readonly state: 'failed';
}

export interface AnswerOptions {
  readonly response: ServerResponse;
  /** Adds headers of ours to the pod's; they take the place of the pod's own of those names, but Server-Timing. */
  readonly ownHeaders: (headers: string[]) => void;
  /** How long a client may leave a part of the answer unread. */
  readonly silenceMs: number;
  readonly done: (result: TryResult) => void;
}

/** The client did not read for too long. */
export class ClientStalledError extends Error {
  override readonly name = 'ClientStalledError';
}

/** The client closed its connection, or the gateway cuts what is left. */
export class ClientGoneError extends Error {
  override readonly name = 'ClientGoneError';
}

/** Passes a pod's answer to the client as it comes. One for each try. */
export class PodAnswer implements AnswerSink {
  readonly #options: AnswerOptions;
  #call: PodCall | undefined;
  #begun = false;
  /** The first part of a body, kept until the bytes it came with were read to their end. */
  #first: Buffer | undefined;
  #flushed = false;
  #ended = false;
  #over = false;
  #stall: NodeJS.Timeout | undefined;

  constructor(options: AnswerOptions) {
    this.#options = options;
    options.response.once('close', this.#onClose);
  }

  /** What is stopped when the answer is not wanted any more. To be called once the request is under way. */
  follow(call: PodCall): void {
    this.#call = call;
  }

  /** Stops the try: its answer is not wanted any more. */
  abort(cause: Error): void {
    if (this.#over) return;
    const sent = this.#call?.isWaiting() === false;
    this.#call?.cancel();
    if (this.#begun) this.#cut(cause);
    else this.#finish({ state: 'failed', error: cause, sent, received: false, reused: false });
  }

  /** Stops the try if it still waits for a connection. */
  giveUpWaiting(cause: Error): void {
    if (this.#call?.isWaiting() === true) this.abort(cause);
  }

  onHead({ status, reason, headers }: AnswerHead): void {
    const { response, ownHeaders } = this.#options;
    const forClient = headersForClient(headers, ownNames);
    ownHeaders(forClient);
    if (reason === '') response.writeHead(status, forClient);
    else response.writeHead(status, reason, forClient);
    this.#begun = true;
    // With a short answer everything goes out at once; what comes later (a stream's first event) can be waited for.
    queueMicrotask(this.#flush);
  }

  onBody(chunk: Buffer): boolean {
    if (!this.#flushed && this.#first === undefined && chunk.length <= shortBytes) {
      this.#first = chunk;
      return true;
    }
    this.#flush();
    if (this.#options.response.write(chunk)) return true;
    if (this.#stall === undefined) {
      this.#options.response.once('drain', this.#onDrain);
      this.#watchClient();
    }
    return false;
  }

  onEnd(trailers: readonly string[]): void {
    const { response } = this.#options;
    this.#ended = true;
    if (trailers.length > 0) response.addTrailers(pairs(headersForClient(trailers, notInTrailers)));
    const first = this.#flushed ? undefined : this.#first;
    this.#flushed = true;
    // As text node writes it together with the headers, in one go.
    if (first === undefined) response.end();
    else response.end(first.toString('latin1'), 'latin1');
    if (response.writableLength > 0) this.#watchClient();
  }

  onFailed(failure: SendFailure): void {
    if (!this.#begun) {
      this.#finish({ state: 'failed', ...failure });
      return;
    }
    // The client must see that the pod has answered: without a byte of it, it could ask again.
    this.#flush();
    this.#cut(failure.error);
  }

  readonly #flush = (): void => {
    if (this.#flushed || this.#over) return;
    this.#flushed = true;
    if (this.#first === undefined) this.#options.response.flushHeaders();
    else this.#options.response.write(this.#first);
    this.#first = undefined;
  };

  readonly #onDrain = (): void => {
    clearTimeout(this.#stall);
    this.#stall = undefined;
    this.#call?.resume();
  };

  readonly #onClose = (): void => {
    if (this.#over) return;
    if (this.#ended && this.#options.response.writableFinished) this.#finish({ state: 'answered' });
    else this.abort(new ClientGoneError('the client is gone'));
  };

  /** The connection looks after a pod that is silent, and not after a client that does not read. */
  #watchClient(): void {
    this.#stall ??= setTimeout(this.#onStall, this.#options.silenceMs).unref();
  }

  readonly #onStall = (): void => this.abort(new ClientStalledError('the client does not read'));

  /** A client must see that an answer is not whole, so its connection ends without an end of the answer. */
  #cut(error: unknown): void {
    this.#finish({ state: 'cut', error });
    this.#options.response.destroy();
  }

  #finish(result: TryResult): void {
    this.#over = true;
    clearTimeout(this.#stall);
    this.#options.response.off('close', this.#onClose).off('drain', this.#onDrain);
    this.#options.done(result);
  }
}

/** A body that fits into one packet or a few: worth waiting for its end when that came along. */
const shortBytes = 8 * 1024;
/** Of an answer, where ours take the place of the pod's. */
const ownNames: ReadonlySet<string> = new Set(['x-request-id']);
/** They would mean another answer, or whom it is for, to one who puts trailers among the headers. RFC 9110, section 6.5.1 */
const notInTrailers: ReadonlySet<string> = new Set([
  'authorization',
  'content-encoding',
  'content-length',
  'content-range',
  'content-type',
  'host',
  'set-cookie',
]);

function pairs(flat: readonly string[]): [string, string][] {
  const list: [string, string][] = [];
  for (let index = 0; index + 1 < flat.length; index += 2) list.push([flat[index] ?? '', flat[index + 1] ?? '']);
  return list;
}
