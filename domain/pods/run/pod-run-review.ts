import type { PodRunState } from './pod-run.ts';
import type { ConditionSnapshot, PodSnapshot } from '../snapshot/pod-snapshot.ts';
import { defaultWindows } from '../verdict/windows.ts';

/** Not earlier than this after the moment a window ends, so that clocks that differ a little don't miss it. */
const slackMs = 1000;

/**
 * When (milliseconds since the epoch, maybe past) the verdict could first change after the moment it is as of, although
 * the pod does not: a window of the rules ends (unschedulable, stalled start, not ready, stuck terminating, recent restart).
 * Infinity when nothing is pending.
 */
export function nextReviewMs({
  snapshot,
  gone,
  judgedAt,
}: Pick<PodRunState, 'snapshot' | 'gone' | 'judgedAt'>): number {
  if (snapshot === null || gone || snapshot.phase === 'Succeeded') return Infinity;
  const due = windowEnds(snapshot)
    .map((endMs) => endMs + slackMs)
    .filter((endMs) => endMs > Date.parse(judgedAt));
  return Math.min(Infinity, ...due);
}

function windowEnds(snapshot: PodSnapshot): number[] {
  const { startupSeconds, unschedulableSeconds, readinessSeconds, recentSeconds, stuckTerminatingSeconds } =
    defaultWindows;
  if (snapshot.deletionTimestamp !== undefined) return after(snapshot.deletionTimestamp, stuckTerminatingSeconds);
  const scheduled = condition(snapshot, 'PodScheduled');
  if (scheduled?.status === 'False')
    return after(scheduled.lastTransitionTime ?? snapshot.createdAt, unschedulableSeconds);
  const ends: number[] = [];
  if (snapshot.phase === 'Pending')
    ends.push(...after(scheduled?.lastTransitionTime ?? snapshot.createdAt, startupSeconds));
  const ready = condition(snapshot, 'Ready')?.status === 'True';
  for (const { status } of snapshot.containers) {
    if (!ready && status?.state?.kind === 'running') ends.push(...after(status.state.startedAt, readinessSeconds));
    for (const state of [status?.state, status?.lastState]) {
      if (state?.kind === 'terminated' && (status?.restartCount ?? 0) > 0)
        ends.push(...after(state.finishedAt, recentSeconds));
    }
  }
  return ends;
}

function after(time: string | undefined, seconds: number): number[] {
  const ms = Date.parse(time ?? '');
  return Number.isNaN(ms) ? [] : [ms + seconds * 1000];
}

function condition(snapshot: PodSnapshot, type: string): ConditionSnapshot | undefined {
  return snapshot.conditions.find((candidate) => candidate.type === type);
}
