import type { ContainerStatusSnapshot, TerminatedState } from '../../snapshot/pod-snapshot.ts';
import type { ContainerView } from '../context/container-view.ts';

export interface MissingRecords {
  /** How many times the container was restarted since the previous snapshot. */
  readonly jump: number;
  /** How many of those ends nobody saw: a Pod keeps the record of the last one only. */
  readonly unseen: number;
}

const none: MissingRecords = { jump: 0, unseen: 0 };

/**
 * Counts the ends between two snapshots that left no record. A lower restart count is a reset by the kubelet and counts
 * nothing. `lastState` holds the last of the ends, and the previous snapshot may hold the first of them.
 */
export function countMissing({ before, status, restarts }: ContainerView): MissingRecords {
  if (before === undefined || status === undefined || restarts <= before.restartCount) return none;
  const jump = restarts - before.restartCount;
  const last = status.lastState?.kind === 'terminated' ? status.lastState : undefined;
  const first = jump > 1 ? endBeforeRestart(before) : undefined;
  const seen = (last === undefined ? 0 : 1) + (first === undefined || isSame(first, last) ? 0 : 1);
  return { jump, unseen: Math.max(0, jump - seen) };
}

/** The end whose restart was still to come: in `state`, or in `lastState` while the container waits. */
function endBeforeRestart({ state, lastState }: ContainerStatusSnapshot): TerminatedState | undefined {
  if (state?.kind === 'terminated') return state;
  return state?.kind === 'waiting' && lastState?.kind === 'terminated' ? lastState : undefined;
}

/** The kubelet counts fewer restarts than before, because it lost its records. */
export function wasReset({ before, restarts }: ContainerView): boolean {
  return before !== undefined && restarts < before.restartCount;
}

/** `missing 2 of 3 terminations`, or undefined when each is on record. */
export function sayMissing({ jump, unseen }: MissingRecords): string | undefined {
  return unseen === 0 ? undefined : `missing ${unseen} of ${jump} terminations`;
}

function isSame(one: TerminatedState, other: TerminatedState | undefined): boolean {
  return other !== undefined && one.finishedAt === other.finishedAt && one.exitCode === other.exitCode;
}
