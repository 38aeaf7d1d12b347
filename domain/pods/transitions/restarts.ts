import type { ContainerSnapshot, ContainerStateSnapshot, PodSnapshot } from '../snapshot/pod-snapshot.ts';
import type { Step, Transition } from './types.ts';
import { parseTime } from '../verdict/context/time.ts';

/** Restarts by container. A count lower than before is a kubelet's reset: nothing restarted. */
export function restarts({ previous, snapshot, observedAt }: Step): Transition[] {
  const before = new Map(previous?.containers.map(({ name, status }) => [name, status?.restartCount ?? 0]));
  const transitions: Transition[] = [];
  for (const container of snapshot.containers) {
    const total = container.status?.restartCount ?? 0;
    const known = before.get(container.name) ?? (hasDroppedContainers(previous) ? total : 0);
    if (total <= known) continue;
    const at = newestStart(container) ?? observedAt;
    transitions.push({ type: 'Restarted', at, container: container.name, count: total - known });
  }
  return transitions;
}

/** A container that an earlier, cut snapshot does not name may have restarted at any time: unknown, so not counted. */
function hasDroppedContainers(previous: PodSnapshot | undefined): boolean {
  return previous?.truncated?.some((mark) => mark.startsWith('containers (')) ?? false;
}

/** The count goes up with the new instance: it is in `state`, or already in `lastState` when the next one waits. */
function newestStart({ status }: ContainerSnapshot): string | undefined {
  const newest = status?.state?.kind === 'waiting' ? status.lastState : status?.state;
  return startOf(newest);
}

function startOf(state: ContainerStateSnapshot | undefined): string | undefined {
  if (state === undefined || state.kind === 'waiting') return undefined;
  // Runtimes write 1970-01-01 for what never started.
  return parseTime(state.startedAt) === undefined ? undefined : state.startedAt;
}
