import { setTimeout as sleep } from 'node:timers/promises';
import type { PodIdentity } from '../../domain/names.ts';
import type { SourceCheckpoint, WatchCheckpoint } from '../../domain/pods/watch/watch-checkpoint.ts';
import type { WatchHeartbeat, WatchView } from '../../domain/pods/watch/watch-view.ts';
import { createReflector, type Reflector } from '../../platform/kubernetes/reflector/reflector.ts';
import type { KnownPod } from '../../platform/redis/known-pods.ts';
import { createCheckpointTracker } from './hold/checkpoint-tracker.ts';
import { createDispatcher } from './dispatch/dispatcher.ts';
import { createExclusion } from './exclusion.ts';
import { findOrphans } from './known/find-orphans.ts';
import { createGapReport } from './hold/gap-report.ts';
import { createKnownPodsBuffer } from './known/known-pods-buffer.ts';
import { loadKnownPods } from './known/load-known-pods.ts';
import { describePermission, missingWatchPermissions } from './hold/permissions.ts';
import { createPersistentSend } from './dispatch/persistent-send.ts';
import type { OpenWatchOptions } from './watch-dependencies.ts';
import { stillExists } from './known/still-exists.ts';
import { projectPod } from '../../domain/pods/snapshot/project-pod.ts';
import type { PodSnapshot } from '../../domain/pods/snapshot/pod-snapshot.ts';
import { runWatchSource } from './watch-source.ts';

export interface OpenWatch {
  /** Saves the known pods and tells how far the watch has come, in this order: while Redis works, it knows what is behind the checkpoint. */
  beat(): Promise<WatchHeartbeat>;
  view(): WatchView;
  /** Rejects when a source ends by a fault of ours. */
  readonly failed: Promise<never>;
  /** Stops reading, waits at most `drainMs` for what was read to be accepted, and returns the last checkpoint. */
  close(drainMs: number): Promise<WatchCheckpoint>;
}

/** Starts reading every source of the scope and sending what changes. */
export async function openWatch(options: OpenWatchOptions): Promise<OpenWatch> {
  const { input, start, fence, holder, metrics, logger, workflow } = options;
  const { scope, coalesceMs, dispatchConcurrency, queueLimit } = input.configuration;
  const sources = scope.namespaces.length === 0 ? [''] : scope.namespaces;
  const epoch = { current: start?.epoch ?? 0 };
  const since = new Date().toISOString();

  const store = options.knownPods({ cluster: input.cluster, scopeName: scope.scopeName });
  const loaded = await loadKnownPods({
    store,
    workflow,
    cluster: input.cluster,
    namespaces: scope.namespaces,
    labelSelector: scope.labelSelector,
  });
  const known = createKnownPodsBuffer({ store, fence, initial: loaded.pods, rewrite: !loaded.fromRedis });

  const stopReading = new AbortController();
  const giveUp = new AbortController();
  const sender = createPersistentSend({ ...options, epoch, signal: giveUp.signal });
  const dispatcher = createDispatcher({ coalesceMs, concurrency: dispatchConcurrency, send: sender.send });
  let missingPermissions: readonly string[] = [];
  // Not waited for: a server that is slow to answer must not hold up the watch, which reports a 403 by itself.
  void missingWatchPermissions(options.kubernetes, sources).then(
    (missing) => {
      missingPermissions = missing;
      if (missing.length > 0) logger.error({ missing }, 'permissions are missing: grant them to the watch worker');
    },
    (error: unknown) => logger.warn({ err: error }, 'could not check the permissions of the watch'),
  );

  const open = sources.map((source) => {
    const startsAt = start?.sources[source];
    const noted = knownOf(loaded.pods, source);
    const adopt = startsAt === undefined && (noted.size === 0 || start?.adopting?.includes(source) === true);
    // An adoption that was cut short begins anew: what it had noted is no proof that anything was lost.
    const sourceKnown = adopt ? new Map<string, KnownPod>() : noted;
    const tracker = createCheckpointTracker(startsAt, () => Date.now());
    const reflector = createReflector<PodSnapshot>({
      connection: options.connection,
      path: source === '' ? '/api/v1/pods' : `/api/v1/namespaces/${source}/pods`,
      resource: 'pods',
      project: projectPod,
      known: sourceKnown,
      signal: stopReading.signal,
      queueLimit,
      metrics,
      logger,
      ...(startsAt === undefined ? {} : { fromVersion: startsAt.version, fromTime: startsAt.time }),
      ...(scope.labelSelector === undefined ? {} : { labelSelector: scope.labelSelector }),
    });
    const done = runWatchSource({
      source,
      events: reflector,
      tracker,
      dispatcher,
      known,
      excluded: createExclusion(scope.excludePatterns),
      adopt,
      queueLimit,
      reportGap: createGapReport({ ...options, signal: giveUp.signal }),
      findOrphans: (present) => findOrphans(options, { source, present, signal: giveUp.signal }),
      onEpoch: () => void (epoch.current += 1),
      metrics,
      ...(scope.labelSelector === undefined
        ? {}
        : { stillExists: (pod: PodIdentity) => stillExists(options, pod, giveUp.signal) }),
    });
    return { source, tracker, reflector, done, adopt };
  });

  const checkpoint = (): WatchCheckpoint => {
    const safe = open.map(({ source, tracker }) => [source, tracker.safe()] as const);
    const complete = safe.filter((entry): entry is [string, SourceCheckpoint] => entry[1] !== undefined);
    const adopting = open
      .filter(({ adopt, tracker }) => adopt && tracker.safe() === undefined)
      .map(({ source }) => source);
    return { sources: Object.fromEntries(complete), epoch: epoch.current, ...(adopting.length > 0 && { adopting }) };
  };

  const view = (): WatchView => ({
    holder: options.identity,
    since,
    pods: known.size(),
    streamAgeSeconds: Math.max(...open.map(({ reflector }) => (Date.now() - reflector.lastByteAtMs) / 1000)),
    waiting: dispatcher.depth(),
    ...sender.counts(),
    missingPermissions: [...new Set([...missingPermissions, ...open.flatMap(refused)])],
  });

  const observe = (): void => {
    const now = view();
    const unlisted = open.filter(({ tracker }) => tracker.safe() === undefined);
    holder.hold(
      now,
      unlisted.map(({ source }) => source),
    );
    const oldestMs = Math.min(...open.map(({ tracker }) => tracker.oldestMs() ?? Infinity));
    metrics.dispatchQueueDepth.set(now.waiting);
    metrics.checkpointAge.set(oldestMs === Infinity ? 0 : (Date.now() - oldestMs) / 1000);
  };
  observe();

  const ended = Promise.all(open.map(({ done }) => done)).catch((error: unknown) => {
    // The attempt is over; whatever still read or sent would go on beside the next one.
    stopReading.abort();
    giveUp.abort();
    throw error;
  });
  return {
    view,
    failed: ended.then(() => new Promise<never>(() => undefined)),
    async beat() {
      const reached = checkpoint();
      if (!(await known.flush())) logger.warn('another worker holds this watch now');
      observe();
      return { checkpoint: reached, view: view() };
    },
    async close(drainMs) {
      stopReading.abort();
      // A timer that is left over would keep its process from ending.
      const drained = new AbortController();
      const timeUp = sleep(drainMs, undefined, { signal: drained.signal }).catch(() => undefined);
      await Promise.race([dispatcher.drain(), timeUp]);
      drained.abort();
      giveUp.abort();
      await ended;
      const reached = checkpoint();
      await known.flush();
      return reached;
    },
  };
}

function knownOf(pods: ReadonlyMap<string, KnownPod>, source: string): Map<string, KnownPod> {
  return source === '' ? new Map(pods) : new Map([...pods].filter(([, { namespace }]) => namespace === source));
}

/** What the API server refuses a reflector right now, in the words of `missingWatchPermissions`. */
function refused({
  source,
  reflector,
}: {
  readonly source: string;
  readonly reflector: Reflector<PodSnapshot>;
}): string[] {
  const missing = reflector.missingPermission;
  return missing === null ? [] : [describePermission(missing.verb, source)];
}
