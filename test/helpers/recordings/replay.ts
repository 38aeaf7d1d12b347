import { classifyBatch, type DeletionSeen } from '../../../domain/pods/classification.ts';
import type { PodOperation } from '../../../domain/pods/pod-change.ts';
import type { PodSnapshot } from '../../../domain/pods/snapshot/pod-snapshot.ts';
import { projectPod } from '../../../domain/pods/snapshot/project-pod.ts';
import { decideVerdict } from '../../../domain/pods/verdict/decide-verdict.ts';
import type { EventEvidence } from '../../../domain/pods/verdict/evidence.ts';
import type { Verdict } from '../../../domain/pods/verdict/types.ts';
import type { Recording } from './read-recording.ts';
import { eventEvidence } from './recorded-event.ts';

const operations: Readonly<Record<string, PodOperation>> = { ADDED: 'add', MODIFIED: 'update', DELETED: 'delete' };

export interface ReplayInput {
  readonly recording: Recording;
  readonly uid: string;
  /** Show the engine the Events seen so far, too. */
  readonly withEvents: boolean;
  /** Look once more, so long after the last change. */
  readonly laterSeconds?: number | undefined;
}

/**
 * Every verdict on one pod as its run would have come to it: one after each change, each as of the moment the change was
 * received; with Events one more at the end of the recording, because the last ones come after the last change.
 */
export function replay({ recording, uid, withEvents, laterSeconds }: ReplayInput): Verdict[] {
  const verdicts: Verdict[] = [];
  const events: EventEvidence[] = [];
  let snapshot: PodSnapshot | undefined;
  let deletion: DeletionSeen | undefined;
  let lastAt = '';
  let deleted = false;
  for (const change of recording.changes) {
    if (change.object.kind === 'Event') {
      events.push(eventEvidence(change));
      lastAt = change.at;
      continue;
    }
    if (change.object.metadata.uid !== uid) continue;
    lastAt = change.at;
    const previous = snapshot;
    const operation = operations[change.type] as PodOperation;
    const observed = { operation, observedAt: change.at, snapshot: projectPod(change.object) };
    const batch = classifyBatch({ previous, deletion, changes: [observed], attempt: verdicts.length + 1 });
    ({ snapshot, deletion } = batch);
    deleted = operation === 'delete';
    verdicts.push(
      withEvents
        ? decideVerdict({
            snapshot: observed.snapshot,
            previous: previous?.deletionTimestamp === undefined ? previous : { ...previous, ...deletion },
            evidence: { events },
            now: new Date(change.at),
            deleted,
          })
        : batch.classifications[0]!.verdict,
    );
  }
  if (snapshot === undefined) throw new Error(`The recording has no pod of uid ${uid}.`);
  if (withEvents || laterSeconds !== undefined) {
    const now = new Date(Date.parse(lastAt) + (laterSeconds ?? 0) * 1000);
    const evidence = withEvents ? { events } : {};
    verdicts.push(decideVerdict({ snapshot: { ...snapshot, ...deletion }, evidence, now, deleted }));
  }
  return verdicts;
}
