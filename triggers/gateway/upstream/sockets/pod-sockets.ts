import type { Socket } from 'node:net';
import type { AnswerSink, Carried, PodCall } from './pod-call.ts';
import { type ConnectionTimes, PodConnection } from './pod-connection.ts';
import { type PodRequest, requestHead } from './pod-request.ts';

export interface PodSocketsOptions {
  /** A connection that is proven to lead to the pod. */
  readonly connect: () => Promise<Socket>;
  readonly times: ConnectionTimes;
  /** Connections at a time. */
  readonly most: number;
}

interface Waiting extends Carried {
  /** Once it is on its way. */
  connection: PodConnection | undefined;
}

/** The connections to one pod. Requests that find none free wait for one in the order they came; who waits bounds it. */
export class PodSockets {
  readonly #options: PodSocketsOptions;
  readonly #open = new Set<PodConnection>();
  /** The one used last comes first: the others get old, and are closed. */
  readonly #free: PodConnection[] = [];
  readonly #waiting: Waiting[] = [];
  #connecting = 0;
  /** Connections that have just answered. */
  #looking = 0;
  #isClosing = false;
  #onClosed: (() => void) | undefined;

  constructor(options: PodSocketsOptions) {
    this.#options = options;
  }

  /** Without a connection, without a request. */
  get isUnused(): boolean {
    return this.#open.size === 0 && this.#connecting === 0 && this.#waiting.length === 0;
  }

  /** Sends a request, at once or when a connection is free. Throws when the request is not sound. */
  send(request: PodRequest, sink: AnswerSink): PodCall {
    const call: Waiting = { request, head: requestHead(request), sink, connection: undefined };
    const free = this.#takeFree();
    if (free === undefined) {
      this.#waiting.push(call);
      this.#connectAsNeeded();
    } else {
      call.connection = free;
      free.send(call);
    }
    return {
      isQueued: call.connection === undefined && this.#coming < this.#waiting.length,
      isWaiting: () => call.connection === undefined,
      resume: () => call.connection?.resume(call),
      cancel: () => {
        const at = this.#waiting.indexOf(call);
        if (at >= 0) this.#waiting.splice(at, 1);
        call.connection?.cancel(call);
      },
    };
  }

  /** Ends what has waited for too long. */
  look(nowMs: number): void {
    for (const connection of this.#open) connection.look(nowMs);
  }

  /** Lets requests finish, those that wait too; resolves when all connections are closed. */
  close(): Promise<void> {
    this.#isClosing = true;
    for (const connection of this.#free.splice(0)) connection.close();
    return new Promise((resolve) => {
      this.#onClosed = resolve;
      this.#settle();
    });
  }

  #takeFree(): PodConnection | undefined {
    const nowMs = performance.now();
    for (let connection = this.#free.pop(); connection !== undefined; connection = this.#free.pop()) {
      if (connection.isFree(nowMs)) return connection;
      connection.close();
    }
    return undefined;
  }

  #connectAsNeeded(): void {
    const { most } = this.#options;
    while (this.#coming < this.#waiting.length && this.#open.size + this.#connecting < most) this.#connect();
  }

  #connect(): void {
    this.#connecting += 1;
    this.#options.connect().then(
      (socket) => {
        this.#connecting -= 1;
        const connection = new PodConnection(socket, {
          times: this.#options.times,
          events: { onIdle: this.#onAnswered, onGone: this.#onGone },
        });
        this.#open.add(connection);
        this.#give(connection);
      },
      (error: unknown) => {
        this.#connecting -= 1;
        const error_ = error instanceof Error ? error : new Error('no connection', { cause: error });
        this.#waiting.shift()?.sink.onFailed({ error: error_, sent: false, received: false, reused: false });
        this.#connectAsNeeded();
        this.#settle();
      },
    );
  }

  /** Connections that can take a request soon. */
  get #coming(): number {
    return this.#connecting + this.#looking;
  }

  /**
   * A pod may say that it keeps a connection, and close it with its answer, or send more than that. Only when all that has
   * come was read, a whole turn of the loop later, the next request may go there: it would be lost, or get that as answer.
   */
  readonly #onAnswered = (connection: PodConnection): void => {
    this.#looking += 1;
    setImmediate(() =>
      setImmediate(() => {
        this.#looking -= 1;
        if (connection.isFree(performance.now())) this.#give(connection);
        else connection.close();
        this.#connectAsNeeded();
        this.#settle();
      }),
    );
  };

  #give(connection: PodConnection): void {
    const next = this.#waiting.shift();
    if (next !== undefined) {
      next.connection = connection;
      connection.send(next);
    } else if (this.#isClosing) connection.close();
    else this.#free.push(connection);
  }

  readonly #onGone = (connection: PodConnection): void => {
    this.#open.delete(connection);
    const at = this.#free.indexOf(connection);
    if (at >= 0) this.#free.splice(at, 1);
    this.#connectAsNeeded();
    this.#settle();
  };

  #settle(): void {
    if (this.isUnused) this.#onClosed?.();
  }
}
