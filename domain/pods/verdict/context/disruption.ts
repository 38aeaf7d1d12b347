import type { ConditionSnapshot, PodSnapshot } from '../../snapshot/pod-snapshot.ts';
import type { Cause, Evidence } from '../types.ts';
import type { VerdictWindows } from '../windows.ts';
import type { Termination } from './container-view.ts';
import { parseTime } from './time.ts';

/** The pod was taken down from outside: by the scheduler, an eviction, its node or a controller. */
export interface Disruption {
  readonly cause: Cause;
  /** When it began; undefined when only `status.reason` tells of it. */
  readonly startAt: number | undefined;
  readonly evidence: readonly Evidence[];
}

const statusReasons: Readonly<Partial<Record<string, Cause>>> = {
  Evicted: 'Evicted',
  Preempting: 'Preempted',
  Terminated: 'NodeShutdown',
  Shutdown: 'NodeShutdown',
  NodeShutdown: 'NodeShutdown',
};

/** https://kubernetes.io/docs/concepts/workloads/pods/disruptions/#pod-disruption-conditions */
const conditionReasons: Readonly<Partial<Record<string, Cause>>> = {
  PreemptionByScheduler: 'Preempted',
  TerminationByKubelet: 'NodeShutdown',
  DeletionByTaintManager: 'TaintEvicted',
  DeletionByDeviceTaintManager: 'TaintEvicted',
  EvictionByEvictionAPI: 'ApiEvicted',
  DeletionByPodGC: 'GarbageCollected',
};

/** The disruption controller takes back an unfulfilled DisruptionTarget after 2 minutes. */
const staleAfterMilliseconds = 120_000;

/** `status.reason` decides before the condition: the kubelet sets TerminationByKubelet for evictions too. */
export function findDisruption(snapshot: PodSnapshot, now: number): Disruption | undefined {
  const condition = snapshot.conditions.find(({ type, status }) => type === 'DisruptionTarget' && status === 'True');
  const byReason = own(statusReasons, snapshot.reason);
  if (byReason !== undefined) {
    const evidence: Evidence[] = [{ source: 'pod', path: 'status.reason', value: snapshot.reason ?? '' }];
    if (snapshot.message !== undefined)
      evidence.push({ source: 'pod', path: 'status.message', value: snapshot.message });
    if (condition !== undefined) evidence.push(conditionEvidence(condition));
    return { cause: byReason, startAt: parseTime(condition?.lastTransitionTime), evidence };
  }
  const byCondition = own(conditionReasons, condition?.reason);
  if (condition === undefined || byCondition === undefined) return undefined;
  const startAt = parseTime(condition.lastTransitionTime);
  if (isStale(snapshot, startAt, now)) return undefined;
  return { cause: byCondition, startAt, evidence: [conditionEvidence(condition)] };
}

/** Whether this end came with the disruption; one from long before it did not. */
export function endedByDisruption(
  disruption: Disruption | undefined,
  end: Termination,
  { slackSeconds }: VerdictWindows,
): boolean {
  if (disruption === undefined) return false;
  if (disruption.startAt === undefined || end.finishedAt === undefined) return end.where === 'state';
  return end.finishedAt >= disruption.startAt - slackSeconds * 1000;
}

function isStale(snapshot: PodSnapshot, startAt: number | undefined, now: number): boolean {
  const lives = snapshot.deletionTimestamp === undefined && snapshot.phase === 'Running';
  return lives && startAt !== undefined && now - startAt > staleAfterMilliseconds;
}

function conditionEvidence({ reason, lastTransitionTime }: ConditionSnapshot): Evidence {
  return {
    source: 'pod',
    path: 'status.conditions[DisruptionTarget].reason',
    value: reason ?? '',
    ...(lastTransitionTime === undefined ? {} : { observedAt: lastTransitionTime }),
  };
}

function own<T>(table: Readonly<Partial<Record<string, T>>>, key: string | undefined): T | undefined {
  return key !== undefined && Object.hasOwn(table, key) ? table[key] : undefined;
}
