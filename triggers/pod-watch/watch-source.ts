import type { PodIdentity } from '../../domain/names.ts';
import type { PodOperation } from '../../domain/pods/pod-change.ts';
import type { PodSnapshot } from '../../domain/pods/snapshot/pod-snapshot.ts';
import type { WatchGap } from '../../domain/pods/watch/watch-checkpoint.ts';
import { decideVerdict } from '../../domain/pods/verdict/decide-verdict.ts';
import type { DeletedEvent, GapEvent, ReflectorEvent } from '../../platform/kubernetes/reflector/types.ts';
import { resumePoint } from '../../platform/kubernetes/reflector/resume-point.ts';
import type { Metrics } from '../../platform/metrics.ts';
import type { CheckpointTracker } from './hold/checkpoint-tracker.ts';
import type { Dispatcher } from './dispatch/dispatcher.ts';
import type { KnownPodsBuffer } from './known/known-pods-buffer.ts';
import { createPodFacts } from './known/pod-facts.ts';

export interface WatchSourceOptions {
  /** One namespace, or `''` for the whole cluster. */
  readonly source: string;
  readonly events: AsyncIterable<ReflectorEvent<PodSnapshot>>;
  readonly tracker: CheckpointTracker;
  readonly dispatcher: Dispatcher;
  readonly known: KnownPodsBuffer;
  readonly excluded: (pod: PodIdentity) => boolean;
  /** The very first list of a watch: pods that are there already get no run unless something is wrong with them. */
  readonly adopt: boolean;
  readonly queueLimit: number;
  /** Resolves to true when `watchPods` has the gap, to false when the watch is ending before it could be told. */
  readonly reportGap: (gap: WatchGap) => Promise<boolean>;
  /** The open runs of pods that are gone, of those not `present`; undefined when the watch is ending. */
  readonly findOrphans: (present: (uid: string) => boolean) => Promise<readonly PodIdentity[] | undefined>;
  /** The cluster's versions start anew: what is sent from now on counts although its versions are lower. */
  readonly onEpoch: () => void;
  /** Only with a label selector, where DELETED may mean "no longer matches": whether this very pod still exists. */
  readonly stillExists?: (pod: PodIdentity) => Promise<boolean>;
  readonly metrics: Metrics;
}

/** Turns one reflector's events into changes on their way to their runs, until the reflector ends. */
export async function runWatchSource(options: WatchSourceOptions): Promise<void> {
  const { source, tracker, dispatcher, known, metrics, excluded } = options;
  const facts = createPodFacts();
  let adopting = options.adopt;
  let gapInList = false;

  const track = (event: ReflectorEvent<PodSnapshot>) => {
    const version = resumePoint(event);
    return tracker.track(version === null ? undefined : { version, time: new Date().toISOString() });
  };

  const onChange = (event: Extract<ReflectorEvent<PodSnapshot>, { kind: 'added' | 'modified' }>): void => {
    const { object: snapshot } = event;
    const { settle } = track(event);
    if (excluded(snapshot)) {
      metrics.changesExcluded.inc();
      settle();
      return;
    }
    const { unchanged, urgent } = facts.assess(snapshot, !known.has(snapshot.uid));
    const observedAt = new Date(event.receivedAtMs).toISOString();
    if (unchanged) metrics.changesUnchanged.inc();
    const quiet = adopting && !decideVerdict({ snapshot, now: new Date(observedAt) }).incident;
    if (unchanged || quiet) {
      if (quiet) known.set(snapshot, false);
      settle();
      return;
    }
    if (snapshot.truncated !== undefined) metrics.snapshotsTruncated.inc();
    const operation: PodOperation = event.kind === 'added' && !adopting ? 'add' : 'update';
    const accepted = (): void => {
      known.set(snapshot, true);
      settle();
    };
    dispatcher.push({ pod: identityOf(snapshot), change: { operation, observedAt, snapshot }, urgent, accepted });
  };

  const onDeleted = async (event: DeletedEvent<PodSnapshot>): Promise<void> => {
    const { uid, namespace, name, version, object } = event;
    const pod = { uid, namespace, name };
    const { settle } = track(event);
    const accepted = (): void => {
      known.remove(uid);
      settle();
    };
    facts.forget(uid);
    if (excluded(pod)) {
      metrics.changesExcluded.inc();
      accepted();
      return;
    }
    const observedAt = new Date(event.receivedAtMs).toISOString();
    if (options.stillExists !== undefined && (await options.stillExists(pod))) {
      dispatcher.push({ pod, change: { operation: 'leftScope', observedAt, version }, urgent: false, accepted });
    } else if (object !== undefined) {
      dispatcher.push({ pod, change: { operation: 'delete', observedAt, snapshot: object }, urgent: true, accepted });
    } else {
      // Sent even when no run is known of: one may just be starting. A pod without a run answers "no-run".
      dispatcher.push({
        pod,
        change: { operation: 'delete', inferred: true, observedAt, version },
        urgent: true,
        accepted,
      });
    }
  };

  const onGap = async (event: GapEvent): Promise<void> => {
    const { fromVersion, toVersion, fromTime, toTime, reason } = event;
    const { settle } = track(event);
    if (await options.reportGap({ source, fromVersion, toVersion, fromTime, toTime, reason })) settle();
  };

  /** After a gap the checkpoint waits until the runs of pods that nobody knew and that are gone have been told. */
  const endOrphans = async (version: string): Promise<void> => {
    const { settle } = tracker.track(undefined);
    const orphans = await options.findOrphans((uid) => facts.has(uid) || known.has(uid));
    if (orphans === undefined) return;
    const told = orphans.map((pod) => {
      const observedAt = new Date().toISOString();
      const change = { operation: 'delete', inferred: true, observedAt, version } as const;
      return new Promise<void>((accepted) => dispatcher.push({ pod, change, urgent: false, accepted }));
    });
    await Promise.all(told);
    settle();
  };

  for await (const event of options.events) {
    if (event.kind === 'added' || event.kind === 'modified') onChange(event);
    else if (event.kind === 'deleted') await onDeleted(event);
    else if (event.kind === 'gap') {
      gapInList = true;
      await onGap(event);
    } else if (event.kind === 'epoch') {
      // What was read before still has the old, higher versions and must not be sent as of the new epoch.
      await dispatcher.below(1);
      options.onEpoch();
    } else {
      if (event.kind === 'relisted') {
        adopting = false;
        if (gapInList) void endOrphans(event.version);
        gapInList = false;
      }
      track(event).settle();
    }
    await dispatcher.below(options.queueLimit);
  }
}

function identityOf({ uid, namespace, name }: PodSnapshot): PodIdentity {
  return { uid, namespace, name };
}
