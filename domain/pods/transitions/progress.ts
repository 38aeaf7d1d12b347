import type { ConditionSnapshot, ContainerSnapshot, PodSnapshot } from '../snapshot/pod-snapshot.ts';
import type { Step, Transition } from './types.ts';
import { isPodReady } from '../verdict/context/readiness.ts';
import { parseTime } from '../verdict/context/time.ts';
import { latest } from './times.ts';

/** Bound to a node: once in a pod's life. */
export function scheduled({ previous, snapshot, observedAt }: Step): Transition[] {
  if (!isScheduled(snapshot) || (previous !== undefined && isScheduled(previous))) return [];
  const condition = conditionOf(snapshot, 'PodScheduled');
  const at = (condition?.status === 'True' ? condition.lastTransitionTime : undefined) ?? observedAt;
  return [{ type: 'Scheduled', at, ...(snapshot.nodeName === undefined ? {} : { node: snapshot.nodeName }) }];
}

export function containersStarted({ previous, snapshot, observedAt }: Step): Transition[] {
  if (!allStarted(snapshot) || (previous !== undefined && allStarted(previous))) return [];
  const apps = snapshot.containers.filter(({ type }) => type === 'app');
  return [{ type: 'ContainersStarted', at: latest(apps.map(firstStart)) ?? observedAt }];
}

/**
 * Turns of the Ready condition. A condition that is True as before but since another time has turned twice in between;
 * by its time at the latest.
 */
export function readiness({ previous, snapshot, observedAt }: Step): Transition[] {
  const isReady = isPodReady(snapshot);
  const wasReady = previous !== undefined && isPodReady(previous);
  const since = conditionOf(snapshot, 'Ready')?.lastTransitionTime;
  const at = since ?? observedAt;
  if (isReady !== wasReady) return [{ type: isReady ? 'Ready' : 'NotReady', at }];
  if (!isReady || previous === undefined || since === undefined) return [];
  const before = conditionOf(previous, 'Ready')?.lastTransitionTime;
  if (before === undefined || before === since) return [];
  return [
    { type: 'NotReady', at },
    { type: 'Ready', at },
  ];
}

/** The phases no pod comes back from. */
export function finished({ previous, snapshot, observedAt }: Step): Transition[] {
  const { phase } = snapshot;
  if ((phase !== 'Succeeded' && phase !== 'Failed') || previous?.phase === phase) return [];
  const ends = snapshot.containers.filter(({ type }) => type === 'app').map(endOf);
  return [{ type: phase, at: latest(ends) ?? observedAt }];
}

function isScheduled(snapshot: PodSnapshot): boolean {
  return snapshot.nodeName !== undefined || conditionOf(snapshot, 'PodScheduled')?.status === 'True';
}

function allStarted({ containers }: PodSnapshot): boolean {
  const apps = containers.filter(({ type }) => type === 'app');
  return apps.length > 0 && apps.every(hasStarted);
}

/** A record without a start (StartError, ContainerStatusUnknown) is no proof that the container ever ran. */
function hasStarted({ status }: ContainerSnapshot): boolean {
  if (status === undefined) return false;
  if (status.state?.kind === 'running') return true;
  const records = [status.state, status.lastState].filter((state) => state?.kind === 'terminated');
  if (records.length === 0) return status.restartCount > 0;
  return records.some(({ startedAt }) => parseTime(startedAt) !== undefined);
}

/** When the container's first instance began, if its status still tells. */
function firstStart({ status }: ContainerSnapshot): string | undefined {
  if (status === undefined || status.restartCount > 1) return undefined;
  const first = status.restartCount === 0 && status.lastState === undefined ? status.state : status.lastState;
  return first === undefined || first.kind === 'waiting' ? undefined : first.startedAt;
}

function endOf({ status }: ContainerSnapshot): string | undefined {
  return status?.state?.kind === 'terminated' ? status.state.finishedAt : undefined;
}

function conditionOf(snapshot: PodSnapshot, type: string): ConditionSnapshot | undefined {
  return snapshot.conditions.find((condition) => condition.type === type);
}
