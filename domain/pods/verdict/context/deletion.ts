import type { PodSnapshot, TerminatedState } from '../../snapshot/pod-snapshot.ts';
import type { Evidence, EvidenceSource } from '../types.ts';
import type { ContainerView, Termination } from './container-view.ts';
import { parseTime } from './time.ts';

/** When the deletion of the pod began. */
export interface Deletion {
  readonly startAt: number;
  /** The start is known; else only a final object is at hand, and it is at least that. */
  readonly isExact: boolean;
  readonly evidence: readonly Evidence[];
  /** The previous snapshot was not being deleted: whatever it recorded came before the deletion. */
  readonly beforeIsClean: boolean;
}

/** The grace period the API server fills in when the Pod names none. */
const defaultGraceSeconds = 30;

/**
 * The start of the deletion: `deletionTimestamp` − `deletionGracePeriodSeconds`, from the first value seen, because the
 * final delete rewrites the timestamp and sets the grace period to 0. With only such a final object at hand the pod's own
 * `terminationGracePeriodSeconds` is taken instead.
 */
export function findDeletion(snapshot: PodSnapshot, previous: PodSnapshot | undefined): Deletion | undefined {
  const first = [previous, snapshot].find((pod) => parseTime(pod?.deletionTimestamp) !== undefined);
  const stampedAt = parseTime(first?.deletionTimestamp);
  if (first === undefined || stampedAt === undefined) return undefined;
  const given = first.deletionGracePeriodSeconds ?? 0;
  const graceSeconds = given > 0 ? given : graceOf(first);
  return {
    startAt: stampedAt - graceSeconds * 1000,
    isExact: given > 0,
    evidence: listEvidence(first, first === snapshot ? 'pod' : 'previous-pod'),
    beforeIsClean: previous !== undefined && previous.deletionTimestamp === undefined,
  };
}

function listEvidence(pod: PodSnapshot, source: EvidenceSource): readonly Evidence[] {
  const evidence: Evidence[] = [{ source, path: 'metadata.deletionTimestamp', value: pod.deletionTimestamp ?? '' }];
  if ((pod.deletionGracePeriodSeconds ?? 0) > 0) {
    evidence.push({
      source,
      path: 'metadata.deletionGracePeriodSeconds',
      value: String(pod.deletionGracePeriodSeconds),
    });
  } else if (pod.terminationGracePeriodSeconds !== undefined) {
    const value = String(pod.terminationGracePeriodSeconds);
    evidence.push({ source, path: 'spec.terminationGracePeriodSeconds', value });
  }
  return evidence;
}

/** The seconds a container of this pod gets between SIGTERM and SIGKILL. */
export function graceOf(snapshot: PodSnapshot): number {
  return snapshot.terminationGracePeriodSeconds ?? defaultGraceSeconds;
}

/**
 * Whether this end belongs to the deletion. Where times do not tell exactly, it does when the container is still down: a
 * container that was started again ended before, because nothing is restarted in a pod that is being deleted.
 */
export function endedByDeletion(deletion: Deletion | undefined, view: ContainerView, end: Termination): boolean {
  if (deletion === undefined) return false;
  if (deletion.beforeIsClean && recordedBefore(view, end.record)) return false;
  if (end.finishedAt === undefined || !deletion.isExact) {
    if (end.where === 'lastState') return false;
  }
  if (end.finishedAt === undefined) return true;
  return end.finishedAt >= deletion.startAt;
}

function recordedBefore({ before }: ContainerView, record: TerminatedState): boolean {
  if (record.finishedAt === undefined) return false;
  return [before?.state, before?.lastState].some(
    (state) =>
      state?.kind === 'terminated' && state.finishedAt === record.finishedAt && state.exitCode === record.exitCode,
  );
}
