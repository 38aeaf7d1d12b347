import type { VerdictContext } from './context/context.ts';
import type { Category, Finding, Health } from './types.ts';

const phases: ReadonlySet<string> = new Set(['Pending', 'Running', 'Succeeded', 'Failed']);
const degrading: ReadonlySet<Category> = new Set(['crash', 'startup', 'probe']);

/** The pod's health; the first that fits, in the order Completed, Unknown, Terminating, Failed, Degraded, Progressing. */
export function judgeHealth(context: VerdictContext, findings: readonly Finding[]): Health {
  const { snapshot } = context;
  if (snapshot.phase === 'Succeeded') return 'Completed';
  if (!phases.has(snapshot.phase) || context.lostNode !== undefined) return 'Unknown';
  if (snapshot.deletionTimestamp !== undefined) return 'Terminating';
  if (snapshot.phase === 'Failed') return 'Failed';
  if (isDegraded(context, findings)) return 'Degraded';
  return snapshot.phase === 'Running' && context.isReady ? 'Healthy' : 'Progressing';
}

function isDegraded({ containers, isReady, now, windows }: VerdictContext, findings: readonly Finding[]): boolean {
  const troubled = findings.filter(({ category, excuse }) => degrading.has(category) && isTrouble(excuse));
  if (troubled.length > 0 && !isReady) return true;
  const recent = now - windows.recentSeconds * 1000;
  return containers.some(({ name, type, loops, ends, restarts }) => {
    if (type === 'ephemeral') return false;
    const isExcused = findings.some(({ container, excuse }) => container === name && !isTrouble(excuse));
    if (isExcused) return false;
    if (loops && troubled.some(({ container }) => container === name)) return true;
    return restarts > 0 && ends.some(({ finishedAt }) => finishedAt !== undefined && finishedAt >= recent);
  });
}

/** An attempt of a Job that failed is trouble, though no incident yet; the other excuses say that nothing is wrong. */
function isTrouble(excuse: Finding['excuse']): boolean {
  return excuse === undefined || excuse === 'job-attempt';
}
