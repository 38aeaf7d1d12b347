/** A bounded queue between one producer and one consumer. Aborting its signal empties and ends it. */
export interface EventQueue<T> {
  readonly depth: number;
  /** Adds an item, then waits until fewer than the limit are held. @throws the signal's reason once it is aborted */
  push(item: T): Promise<void>;
  /** The next item, as soon as there is one; `null` once aborted. @throws what `fail` was given, after the last item */
  take(): Promise<{ readonly item: T } | null>;
  /** No more items come: the producer broke. */
  fail(error: unknown): void;
}

export interface EventQueueInput {
  /** Items held before the producer has to wait; at least 1. */
  readonly limit: number;
  readonly signal: AbortSignal;
  /** Told of every change of depth, by how much. */
  readonly onDepthChange: (difference: number) => void;
}

export function createEventQueue<T>({ limit, signal, onDepthChange }: EventQueueInput): EventQueue<T> {
  let items: T[] = [];
  let failure: { readonly error: unknown } | null = null;
  let wakeConsumer: () => void = () => undefined;
  let wakeProducer: () => void = () => undefined;

  signal.addEventListener('abort', () => {
    onDepthChange(-items.length);
    items = [];
    wakeConsumer();
    wakeProducer();
  });

  return {
    get depth() {
      return items.length;
    },
    async push(item) {
      signal.throwIfAborted();
      items.push(item);
      onDepthChange(1);
      wakeConsumer();
      while (items.length >= limit) {
        await new Promise<void>((resolve) => (wakeProducer = resolve));
        signal.throwIfAborted();
      }
    },
    async take() {
      for (;;) {
        if (signal.aborted) return null;
        if (items.length > 0) {
          const item = items.shift() as T;
          onDepthChange(-1);
          wakeProducer();
          return { item };
        }
        if (failure !== null) throw failure.error;
        await new Promise<void>((resolve) => (wakeConsumer = resolve));
      }
    },
    fail(error) {
      failure = { error };
      wakeConsumer();
    },
  };
}
