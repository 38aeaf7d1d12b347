import type { TerminatedState } from '../../pod-snapshot.ts';
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
 * nothing. End n is the one before restart n: `lastState` holds it, and the previous snapshot's `state` may hold the
 * first of them.
 */
export function countMissing({ before, status, restarts }: ContainerView): MissingRecords {
  if (before === undefined || status === undefined || restarts <= before.restartCount) return none;
  const jump = restarts - before.restartCount;
  const lastIsRecorded = status.lastState?.kind === 'terminated' && !isSame(status.lastState, before.lastState);
  const firstWasSeen = jump > 1 && before.state?.kind === 'terminated' && !isSame(before.state, status.lastState);
  const seen = (lastIsRecorded ? 1 : 0) + (firstWasSeen ? 1 : 0);
  return { jump, unseen: Math.max(0, jump - seen) };
}

/** The kubelet counts fewer restarts than before, because it lost its records. */
export function wasReset({ before, restarts }: ContainerView): boolean {
  return before !== undefined && restarts < before.restartCount;
}

/** `missing 2 of 3 terminations`, or undefined when each is on record. */
export function sayMissing({ jump, unseen }: MissingRecords): string | undefined {
  return unseen === 0 ? undefined : `missing ${unseen} of ${jump} terminations`;
}

function isSame(one: TerminatedState, other: { readonly kind: string } | undefined): boolean {
  if (other?.kind !== 'terminated' || one.finishedAt === undefined) return false;
  const record = other as TerminatedState;
  return record.finishedAt === one.finishedAt && record.exitCode === one.exitCode;
}
