import type { PodIdentity } from '../../../domain/names.ts';
import type { PodChange } from '../../../domain/pods/pod-change.ts';
import { splitBySize } from '../../pod-changes/split-by-size.ts';
import type { PendingChange } from './pending-change.ts';

export type Lane = 'urgent' | 'normal';

export interface DispatcherOptions {
  readonly coalesceMs: number;
  /** Signals in flight at once; at most one per pod, which keeps a pod's order. */
  readonly concurrency: number;
  /** Retries until Temporal has accepted the batch (true) or the watch is ending (false); never rejects. */
  readonly send: (pod: PodIdentity, changes: readonly PodChange[], lane: Lane) => Promise<boolean>;
}

export interface Dispatcher {
  push(pending: PendingChange): void;
  /** Ends every coalescing window now and resolves when nothing is left to send (or sending gave up). */
  drain(): Promise<void>;
  /** Resolves when fewer than `limit` changes wait. */
  below(limit: number): Promise<void>;
  depth(): number;
}

interface PodQueue {
  readonly pod: PodIdentity;
  items: PendingChange[];
  lane: Lane | 'waiting' | 'in-flight';
  timer: NodeJS.Timeout | undefined;
}

/** Coalesces changes per pod and sends them, urgent ones first, in order for each pod. */
export function createDispatcher({ coalesceMs, concurrency, send }: DispatcherOptions): Dispatcher {
  const queues = new Map<string, PodQueue>();
  const lanes: Record<Lane, Set<PodQueue>> = { urgent: new Set(), normal: new Set() };
  const waiters = new Set<{ readonly limit: number; readonly resolve: () => void }>();
  let inFlight = 0;
  let depth = 0;
  let draining = false;

  const wakeWaiters = (): void => {
    for (const waiter of waiters) {
      if (depth >= waiter.limit) continue;
      waiters.delete(waiter);
      waiter.resolve();
    }
  };

  const makeReady = (queue: PodQueue, lane: Lane): void => {
    clearTimeout(queue.timer);
    queue.timer = undefined;
    if (queue.lane === 'urgent' || queue.lane === 'normal') lanes[queue.lane].delete(queue);
    queue.lane = lane;
    lanes[lane].add(queue);
    pump();
  };

  const schedule = (queue: PodQueue): void => {
    if (queue.items.some((item) => item.urgent)) makeReady(queue, 'urgent');
    else if (draining) makeReady(queue, 'normal');
    else if (queue.timer === undefined) {
      queue.lane = 'waiting';
      queue.timer = setTimeout(() => makeReady(queue, 'normal'), coalesceMs);
    }
  };

  const sendNext = async (queue: PodQueue, lane: Lane): Promise<void> => {
    const [batch, rest] = splitBySize(queue.items);
    queue.items = rest;
    queue.lane = 'in-flight';
    inFlight += 1;
    const changes = batch.map((item) => item.change);
    // Not accepted: the watch is ending. These changes stay behind the checkpoint and will be read again.
    if (await send(queue.pod, changes, lane)) for (const item of batch) item.accepted();
    inFlight -= 1;
    depth -= batch.length;
    if (queue.items.length > 0) schedule(queue);
    else queues.delete(queue.pod.uid);
    wakeWaiters();
    pump();
  };

  const pump = (): void => {
    for (const lane of ['urgent', 'normal'] as const) {
      for (const queue of lanes[lane]) {
        if (inFlight >= concurrency) return;
        lanes[lane].delete(queue);
        void sendNext(queue, lane);
      }
    }
  };

  const below = (limit: number): Promise<void> =>
    depth < limit ? Promise.resolve() : new Promise((resolve) => void waiters.add({ limit, resolve }));

  return {
    push(pending) {
      depth += 1;
      const known = queues.get(pending.pod.uid);
      const queue: PodQueue = known ?? { pod: pending.pod, items: [], lane: 'waiting', timer: undefined };
      if (known === undefined) queues.set(pending.pod.uid, queue);
      queue.items.push(pending);
      if (queue.lane === 'waiting' || (queue.lane === 'normal' && pending.urgent)) schedule(queue);
    },
    drain() {
      draining = true;
      for (const queue of queues.values()) if (queue.lane === 'waiting') schedule(queue);
      return below(1);
    },
    below,
    depth: () => depth,
  };
}
