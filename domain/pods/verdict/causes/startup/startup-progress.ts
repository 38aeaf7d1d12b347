import { conditionOf, isGoing, type VerdictContext } from '../../context/context.ts';
import { parseTime } from '../../context/time.ts';

/**
 * How long a scheduled pod has been Pending without a sign of progress, in milliseconds; undefined when it is not
 * starting. Progress is being scheduled, and an init container that started or ended.
 */
export function stalledFor(context: VerdictContext): number | undefined {
  const { snapshot, now } = context;
  if (snapshot.phase !== 'Pending' || isGoing(context)) return undefined;
  const scheduled = conditionOf(context, 'PodScheduled');
  const isScheduled = scheduled === undefined ? snapshot.nodeName !== undefined : scheduled.status === 'True';
  if (!isScheduled) return undefined;
  const since =
    parseTime(scheduled?.lastTransitionTime) ?? parseTime(snapshot.startTime) ?? parseTime(snapshot.createdAt);
  if (since === undefined) return undefined;
  return now - context.containers.reduce((latest, view) => Math.max(latest, lastChange(view)), since);
}

function lastChange({ status, ends }: VerdictContext['containers'][number]): number {
  const startedAt = status?.state?.kind === 'running' ? parseTime(status.state.startedAt) : undefined;
  return Math.max(startedAt ?? 0, ends[0]?.finishedAt ?? 0);
}
