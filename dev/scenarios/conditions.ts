import type { V1ContainerState, V1ContainerStatus } from '@kubernetes/client-node';
import type { AsSent } from '../../platform/kubernetes/client/as-sent.ts';
import type { Condition, SeenPod } from './scenario.ts';

/** At least `count` pods of this role are like this. */
export function some(role: string, test: (seen: SeenPod) => boolean, count = 1): Condition {
  return (pods) => pods.filter((seen) => seen.role === role && test(seen)).length >= count;
}

export function all(...conditions: readonly Condition[]): Condition {
  return (pods) => conditions.every((condition) => condition(pods));
}

/** Nothing to wait for. */
export const atOnce: Condition = () => true;

export const isGone = ({ deleted }: SeenPod): boolean => deleted;

export const isReady = ({ pod, deleted }: SeenPod): boolean => !deleted && conditionIs(pod, 'Ready', 'True');

export const isRunning = ({ pod, deleted }: SeenPod): boolean => !deleted && pod.status?.phase === 'Running';

export function inPhase(phase: string): (seen: SeenPod) => boolean {
  return ({ pod }) => pod.status?.phase === phase;
}

/** A container of the pod was restarted at least this often. */
export function restarted(times: number): (seen: SeenPod) => boolean {
  return ({ pod }) => statusesOf(pod).some(({ restartCount }) => restartCount >= times);
}

/** A container of the pod waits for this reason. */
export function waitsFor(reason: string): (seen: SeenPod) => boolean {
  return ({ pod }) => statusesOf(pod).some(({ state }) => state?.waiting?.reason === reason);
}

/** A container of the pod has ended, now or before its restart, and what ended it is like this. */
export function ended(
  test: (end: AsSent<NonNullable<V1ContainerState['terminated']>>) => boolean,
): (seen: SeenPod) => boolean {
  return ({ pod }) =>
    statusesOf(pod)
      .flatMap(({ state, lastState }) => [state?.terminated, lastState?.terminated])
      .some((end) => end !== undefined && test(end));
}

/** A condition of the pod has this reason. */
export function hasReason(type: string, reason: string): (seen: SeenPod) => boolean {
  return ({ pod }) =>
    pod.status?.conditions?.some((condition) => condition.type === type && condition.reason === reason) ?? false;
}

/** The pod itself has this reason. */
export function podReason(reason: string): (seen: SeenPod) => boolean {
  return ({ pod }) => pod.status?.reason === reason;
}

function conditionIs(pod: SeenPod['pod'], type: string, status: string): boolean {
  return pod.status?.conditions?.some((condition) => condition.type === type && condition.status === status) ?? false;
}

function statusesOf({ status }: SeenPod['pod']): AsSent<V1ContainerStatus>[] {
  return [
    ...(status?.initContainerStatuses ?? []),
    ...(status?.containerStatuses ?? []),
    ...(status?.ephemeralContainerStatuses ?? []),
  ];
}
