import type { Logger } from '../../logger.ts';
import type { Metrics } from '../../metrics.ts';
import type { KubernetesConnection } from '../connection/connection.ts';
import { createEventQueue } from './event-queue.ts';
import { type BackoffSettings, createBackoff, defaultBackoff } from './failure/backoff.ts';
import { type Target } from './run/context.ts';
import { startProgress } from './run/start-progress.ts';
import { runReflector } from './run/run-reflector.ts';
import { indexKnownObjects } from './state/known-objects.ts';
import { trackStreamAge } from './stream-age.ts';
import type { KnownObject, MissingPermission, ObjectWithMetadata, ReflectorEvent } from './types.ts';

export interface ReflectorOptions<T> extends Target {
  readonly connection: KubernetesConnection;
  /** What the caller knew at `fromVersion`, or at its last list. Owned and changed by the reflector from now on. */
  readonly known: Map<string, KnownObject>;
  /** Start with a watch from here; without it, with a list. */
  readonly fromVersion?: string | undefined;
  /** RFC 3339: when the caller knew it was complete up to `fromVersion`; now when left out. Only a gap shows it. */
  readonly fromTime?: string | undefined;
  /** Ends the iteration and cuts its connections. */
  readonly signal: AbortSignal;
  /** No more is read while the consumer has this many events to take. */
  readonly queueLimit: number;
  readonly pageSize?: number;
  /** A stream without a byte for this long counts as dead. Bookmarks come every minute. */
  readonly inactivityMs?: number;
  /** Longest line of a watch stream. */
  readonly lineBytesLimit?: number;
  /** Longest answer to one page of a list; what is longer is asked for in smaller pages. */
  readonly pageBytesLimit?: number;
  /** Makes of each object what is queued and emitted; must not throw, an error of it ends the iteration. */
  readonly project?: (object: unknown) => T;
  readonly metrics: Metrics;
  readonly logger?: Logger;
  readonly backoff?: Partial<BackoffSettings>;
  /** 0 ≤ n < 1. */
  readonly random?: () => number;
  /** Milliseconds since the epoch. */
  readonly clock?: () => number;
}

export interface Reflector<T> extends AsyncIterable<ReflectorEvent<T>> {
  /** When the API server was last heard of, in milliseconds since the epoch; at first, when the reflector was made. */
  readonly lastByteAtMs: number;
  /** Events read and not yet taken. */
  readonly queueDepth: number;
  /** Set while the API server answers 403. */
  readonly missingPermission: MissingPermission | null;
  readonly lastFailure: { readonly message: string; readonly atMs: number } | null;
}

/**
 * Follows all objects of one path: a list, then a watch, then whatever it takes to go on. Can be iterated once; starts
 * with the iteration and ends with it, or with the signal, never by itself. How, and what it guarantees: docs/reflector.md.
 */
export function createReflector<T = ObjectWithMetadata>(options: ReflectorOptions<T>): Reflector<T> {
  const { connection, metrics, resource, logger, random = Math.random, clock: now = Date.now } = options;
  const stop = new AbortController();
  const signal = AbortSignal.any([options.signal, stop.signal]);
  const progress = startProgress({ ...options, now });
  const queue = createEventQueue<ReflectorEvent<T>>({
    limit: options.queueLimit,
    signal,
    onDepthChange: (difference) => metrics.watchQueueDepth.inc(difference),
  });
  const ofPods = resource === 'pods';
  let started = false;

  const record = (event: ReflectorEvent<T>) => {
    metrics.watchLastEvent.set(now() / 1000);
    if (ofPods && 'uid' in event) metrics.podEvents.inc({ type: operations[event.kind] });
  };

  const run = async () => {
    const endTracking = trackStreamAge(metrics, () => progress.lastByteAtMs);
    const known = indexKnownObjects(options.known, (difference) => {
      if (ofPods) metrics.podsWatched.inc(difference);
    });
    try {
      await runReflector<T>({
        dependencies: { connection, metrics },
        target: options,
        known,
        progress,
        backoff: createBackoff({ settings: { ...defaultBackoff, ...options.backoff }, random, now }),
        project: options.project ?? ((object) => object as T),
        emit: (event) => {
          record(event);
          return queue.push(event);
        },
        inactivityMs: options.inactivityMs ?? defaultInactivityMs,
        lineBytesLimit: options.lineBytesLimit,
        pageBytesLimit: options.pageBytesLimit,
        random,
        now,
        logger,
        signal,
      });
    } catch (error) {
      if (!signal.aborted) queue.fail(error);
    } finally {
      if (ofPods) metrics.podsWatched.dec(known.size);
      endTracking();
    }
  };

  return {
    get lastByteAtMs() {
      return progress.lastByteAtMs;
    },
    get queueDepth() {
      return queue.depth;
    },
    get missingPermission() {
      return progress.missingPermission;
    },
    get lastFailure() {
      return progress.lastFailure;
    },
    async *[Symbol.asyncIterator]() {
      if (started) throw new Error('A reflector can be iterated once');
      started = true;
      const running = run();
      try {
        for (let taken = await queue.take(); taken !== null; taken = await queue.take()) yield taken.item;
      } finally {
        stop.abort();
        await running;
      }
    },
  };
}

const defaultInactivityMs = 90_000;
const operations = { added: 'add', modified: 'update', deleted: 'delete' } as const;
