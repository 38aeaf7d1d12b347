import type { Socket } from 'node:net';
import { AnswerReader } from '../answer/answer-reader.ts';
import type { AnswerFault, AnswerHead, Framing } from '../answer/answer-head.ts';
import { canBeFollowed } from './pod-request.ts';
import { type Carried, FirstByteTimeoutError, PodSilentError } from './pod-call.ts';
import { sendBody } from './send-body.ts';

/** In milliseconds. */
export interface ConnectionTimes {
  /** From the sent request to the status line. */
  readonly firstByteMs: number;
  /** From one byte of an answer to the next. */
  readonly silenceMs: number;
  /** How long a connection without a request is kept when the pod does not say. */
  readonly keptMs: number;
  /** And at most, whatever it says; that much less than it says in any case. */
  readonly keptMostMs: number;
  readonly keptMarginMs: number;
}

export interface ConnectionEvents {
  /** It can take another request. */
  onIdle(connection: PodConnection): void;
  /** It is closed. Called once. */
  onGone(connection: PodConnection): void;
}

/** A request that is on its way over a connection. */
interface Current {
  readonly carried: Carried;
  readonly reader: AnswerReader;
  phase: 'sending' | 'sent' | 'answering';
  received: boolean;
  stopBody: (() => void) | undefined;
}

/** One connection to a pod that was proven to be the right one; one request at a time. Times by `performance.now()`. */
export class PodConnection {
  readonly #socket: Socket;
  readonly #times: ConnectionTimes;
  readonly #events: ConnectionEvents;
  #current: Current | undefined;
  #served = 0;
  #dueMs: number;
  #isGone = false;

  constructor(socket: Socket, options: { readonly times: ConnectionTimes; readonly events: ConnectionEvents }) {
    this.#socket = socket;
    this.#times = options.times;
    this.#events = options.events;
    this.#dueMs = performance.now() + options.times.keptMs;
    socket.on('data', this.#onData).on('end', this.#onEnd).on('error', this.#onGone).on('close', this.#onGone);
    socket.resume();
  }

  /** Whether a request may be sent; not when the pod may be closing it just now. */
  isFree(nowMs: number): boolean {
    return this.#current === undefined && !this.#isGone && nowMs < this.#dueMs;
  }

  /** Sends a request. The connection has to be free. */
  send(carried: Carried): void {
    const { request, head } = carried;
    const { text, isChunked } = head;
    const current: Current = {
      carried,
      phase: 'sending',
      received: false,
      stopBody: undefined,
      reader: new AnswerReader(request.method, { onHead: this.#onHead, onBody: this.#onBody, onEnd: this.#onAnswered }),
    };
    this.#current = current;
    const { body } = request;
    if (body === null) {
      this.#socket.write(text, 'latin1');
      this.#bodySent(current);
    } else if (Buffer.isBuffer(body)) {
      this.#socket.cork();
      this.#socket.write(text, 'latin1');
      this.#socket.write(body);
      this.#socket.uncork();
      this.#bodySent(current);
    } else {
      this.#socket.write(text, 'latin1');
      this.#dueMs = Infinity;
      current.stopBody = sendBody({
        socket: this.#socket,
        body,
        isChunked,
        onHeld: (isHeld) => {
          // Who sends the body looks after a client that is silent, and not after a pod that does not read.
          if (current.phase === 'sending') this.#dueIn(isHeld ? this.#times.firstByteMs : Infinity);
        },
        onSent: () => this.#bodySent(current),
        onError: (error) => this.#fail(error),
      });
    }
  }

  /** Takes the answer on after the sink wanted no more. */
  resume(carried: Carried): void {
    if (this.#current?.carried !== carried) return;
    this.#dueIn(this.#times.silenceMs);
    this.#socket.resume();
  }

  /** Nobody wants the answer any more; what is on its way can only be closed off. */
  cancel(carried: Carried): void {
    if (this.#current?.carried !== carried) return;
    this.#takeCurrent();
    this.close();
  }

  /** Closes it, and fails its request, if the time for what it waits for is over. */
  look(nowMs: number): void {
    if (nowMs < this.#dueMs) return;
    if (this.#current === undefined) this.close();
    else if (this.#current.phase === 'answering') this.#fail(new PodSilentError('the pod stopped in its answer'));
    else this.#fail(new FirstByteTimeoutError('the pod did not begin to answer'));
  }

  close(): void {
    this.#socket.destroy();
    this.#onGone();
  }

  #dueIn(ms: number): void {
    this.#dueMs = performance.now() + ms;
  }

  #bodySent(current: Current): void {
    current.stopBody = undefined;
    if (current.phase !== 'sending') return;
    current.phase = 'sent';
    this.#dueIn(this.#times.firstByteMs);
  }

  /** Lets go of the request that is on its way. */
  #takeCurrent(): Current | undefined {
    const current = this.#current;
    this.#current = undefined;
    current?.stopBody?.();
    return current;
  }

  readonly #onData = (chunk: Buffer): void => {
    const current = this.#current;
    if (current === undefined) {
      // Uncalled for: it would become the answer to the next request.
      this.close();
      return;
    }
    current.received = true;
    if (current.phase === 'answering') this.#dueIn(this.#times.silenceMs);
    const fault = current.reader.take(chunk);
    if (fault !== undefined) this.#failBy(fault);
  };

  readonly #onHead = (head: AnswerHead): void => {
    if (this.#current === undefined) return;
    this.#current.phase = 'answering';
    this.#dueIn(this.#times.silenceMs);
    this.#current.carried.sink.onHead(head);
  };

  readonly #onBody = (chunk: Buffer): void => {
    // A sink that has cancelled is told nothing of what came in the same bytes.
    if (this.#current === undefined || this.#current.carried.sink.onBody(chunk)) return;
    this.#dueMs = Infinity;
    this.#socket.pause();
  };

  readonly #onAnswered = (
    trailers: readonly string[],
    { isKept, keptSeconds }: Pick<Framing, 'isKept' | 'keptSeconds'>,
  ): void => {
    const current = this.#takeCurrent();
    if (current === undefined) return;
    this.#served += 1;
    const { keptMs, keptMostMs, keptMarginMs } = this.#times;
    const restMs = keptSeconds === undefined ? keptMs : Math.min(keptSeconds * 1000 - keptMarginMs, keptMostMs);
    // What is left of a body would be taken for the next request.
    const isWhole = current.stopBody === undefined && canBeFollowed(current.carried.request);
    const isFree = isKept && isWhole && restMs > 0 && !this.#isGone;
    this.#dueIn(restMs);
    current.carried.sink.onEnd(trailers);
    if (!isFree) {
      this.close();
      return;
    }
    if (this.#socket.isPaused()) this.#socket.resume();
    this.#events.onIdle(this);
  };

  readonly #onEnd = (): void => {
    const fault = this.#current?.reader.takeEnd();
    if (fault !== undefined) this.#failBy(fault);
    else this.close();
  };

  #failBy({ fault }: AnswerFault): void {
    this.#fail(new Error(`the pod's answer can not be passed on: ${fault}`));
  }

  #fail(error: Error): void {
    const current = this.#takeCurrent();
    this.close();
    const { received = false } = current ?? {};
    current?.carried.sink.onFailed({ error, sent: true, received, reused: this.#served > 0 });
  }

  readonly #onGone = (error?: unknown): void => {
    if (this.#isGone) return;
    this.#isGone = true;
    this.#socket.destroy();
    this.#events.onGone(this);
    if (this.#current !== undefined)
      this.#fail(error instanceof Error ? error : new Error('the pod closed the connection'));
  };
}
