import type { PodSnapshot } from '../../snapshot/pod-snapshot.ts';
import type { Confidence, Evidence } from '../types.ts';
import type { ContainerView, Termination } from './container-view.ts';
import { parseTime } from './time.ts';

/** The pod's `activeDeadlineSeconds` ran out and the kubelet stopped its containers. */
export interface Deadline {
  /** When the time was up; undefined when only `status.reason` tells of it. */
  readonly at: number | undefined;
  /** `likely` until the kubelet has written the reason, which comes seconds after the containers ended. */
  readonly confidence: Confidence;
  readonly evidence: readonly Evidence[];
}

/** Found by `status.reason`, or by a container that was stopped (137, 143) after the deadline had passed. */
export function findDeadline(snapshot: PodSnapshot, containers: readonly ContainerView[]): Deadline | undefined {
  const named = snapshot.reason === 'DeadlineExceeded';
  if (!named && (snapshot.activeDeadlineSeconds === undefined || snapshot.phase === 'Succeeded')) return undefined;
  const startAt = parseTime(snapshot.startTime);
  const seconds = snapshot.activeDeadlineSeconds;
  const at = startAt === undefined || seconds === undefined ? undefined : startAt + seconds * 1000;
  const limit: Evidence[] =
    at === undefined
      ? []
      : [
          { source: 'pod', path: 'spec.activeDeadlineSeconds', value: String(seconds) },
          { source: 'pod', path: 'status.startTime', value: snapshot.startTime ?? '' },
        ];
  if (named) {
    const evidence: Evidence[] = [{ source: 'pod', path: 'status.reason', value: 'DeadlineExceeded' }, ...limit];
    return { at, confidence: 'confirmed', evidence };
  }
  if (at === undefined || snapshot.deletionTimestamp !== undefined) return undefined;
  const stopped = containers.some((view) => view.ends.some((end) => wasStoppedAt(end, at)));
  return stopped ? { at, confidence: 'likely', evidence: limit } : undefined;
}

/** Whether this end came with the deadline. */
export function endedByDeadline(deadline: Deadline | undefined, end: Termination): boolean {
  if (deadline === undefined || end.where !== 'state') return false;
  return deadline.at === undefined || end.finishedAt === undefined || end.finishedAt >= deadline.at;
}

function wasStoppedAt(end: Termination, at: number): boolean {
  const { exitCode } = end.record;
  return end.where === 'state' && end.finishedAt !== undefined && end.finishedAt >= at && [137, 143].includes(exitCode);
}
