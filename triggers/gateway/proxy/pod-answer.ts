import type { ServerResponse } from 'node:http';
import type { Dispatcher } from 'undici';
import { headersForClient } from '../request/forwarded-headers.ts';

type Controller = Dispatcher.DispatchController;

/** How a try to have a request answered ended. */
export type TryResult =
  /** The answer went to the client, whole. */
  | { readonly state: 'answered' }
  /** It began, and could not be finished: the client's connection was cut, or the client is gone. */
  | { readonly state: 'cut'; readonly error: unknown }
  | FailedTry;

/** Nothing went to the client. */
export interface FailedTry {
  readonly state: 'failed';
  readonly error: unknown;
  /** Whether something of the request may have reached the pod. */
  readonly sent: boolean;
  /** Whether a byte of an answer came. */
  readonly received: boolean;
}

export interface AnswerOptions {
  readonly response: ServerResponse;
  /** Headers of ours, put after the pod's; they take the place of the pod's own of those names, but Server-Timing. */
  readonly ownHeaders: () => string[];
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

/** Passes a pod's answer to the client as it comes; undici calls it. One for each try. */
export class PodAnswer implements Dispatcher.DispatchHandler {
  readonly #options: AnswerOptions;
  #controller: Controller | undefined;
  #sent = false;
  #received = false;
  #begun = false;
  #written = false;
  #ended = false;
  #over = false;
  #cause: Error | undefined;
  #stall: NodeJS.Timeout | undefined;

  constructor(options: AnswerOptions) {
    this.#options = options;
    options.response.once('close', this.#onClose);
  }

  /** Stops the try: its answer is not wanted any more. */
  abort(cause: Error): void {
    if (this.#over) return;
    this.#cause ??= cause;
    if (this.#begun) this.#cut(cause);
    else this.#finish({ state: 'failed', error: cause, sent: this.#sent, received: this.#received });
    this.#controller?.abort(cause);
  }

  /** Stops the try if it still waits for a socket. */
  giveUpWaiting(cause: Error): void {
    if (!this.#sent) this.abort(cause);
  }

  onRequestStart(controller: Controller): void {
    this.#controller = controller;
    if (this.#over) controller.abort(this.#cause ?? new Error('not wanted any more'));
    else this.#sent = true;
  }

  onResponseStarted(): void {
    this.#received = true;
  }

  onResponseStart(controller: Controller, status: number, _headers: unknown, statusText?: string): void {
    // What comes before an answer (102, 103) is a hint; clients can do without.
    if (status < 200 || this.#over) return;
    const { response, ownHeaders } = this.#options;
    const headers = headersForClient(texts(controller.rawHeaders), ownNames);
    headers.push(...ownHeaders());
    if (statusText === undefined || statusText === '') response.writeHead(status, headers);
    else response.writeHead(status, statusText, headers);
    this.#begun = true;
    // With a short answer everything goes out in one packet; what comes later (a stream's first event) can be waited for.
    queueMicrotask(this.#flush);
  }

  onResponseData(controller: Controller, chunk: Buffer): void {
    if (this.#over) return;
    this.#written = true;
    if (this.#options.response.write(chunk) || this.#stall !== undefined) return;
    controller.pause();
    this.#options.response.once('drain', this.#onDrain);
    this.#watchClient();
  }

  onResponseEnd(controller: Controller): void {
    if (this.#over) return;
    this.#ended = true;
    const { response } = this.#options;
    const trailers = texts(controller.rawTrailers);
    if (trailers.length > 0) response.addTrailers(pairs(headersForClient(trailers, notInTrailers)));
    response.end();
    this.#watchClient();
  }

  onResponseError(_controller: Controller | null, error: Error): void {
    if (this.#over) return;
    if (this.#begun) this.#cut(error);
    else this.#finish({ state: 'failed', error, sent: this.#sent, received: this.#received });
  }

  readonly #flush = (): void => {
    if (!this.#written && !this.#ended && !this.#over) this.#options.response.flushHeaders();
  };

  readonly #onDrain = (): void => {
    clearTimeout(this.#stall);
    this.#stall = undefined;
    this.#controller?.resume();
  };

  readonly #onClose = (): void => {
    if (this.#over) return;
    if (this.#ended && this.#options.response.writableFinished) this.#finish({ state: 'answered' });
    else this.abort(new ClientGoneError('the client is gone'));
  };

  /** undici looks after a pod that is silent, and not after a client that does not read. */
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

function texts(raw: Controller['rawHeaders']): string[] {
  if (!Array.isArray(raw)) return [];
  return raw.map((item: Buffer | string) => (typeof item === 'string' ? item : item.toString('latin1')));
}

function pairs(flat: readonly string[]): [string, string][] {
  const list: [string, string][] = [];
  for (let index = 0; index + 1 < flat.length; index += 2) list.push([flat[index] ?? '', flat[index + 1] ?? '']);
  return list;
}
