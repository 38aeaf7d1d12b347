import type { VerdictContext } from '../context/context.ts';
import type { Category, Finding, Health } from '../types.ts';

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

/** Trouble while not ready or looping, or a restart within the last minutes that no rule excuses. */
function isDegraded({ containers, isReady, now, windows }: VerdictContext, findings: readonly Finding[]): boolean {
  const troubled = findings.filter(({ category, excuse }) => degrading.has(category) && isTrouble(excuse));
  if (troubled.length > 0 && !isReady) return true;
  const troubledNames = new Set(troubled.map(({ container }) => container));
  const excusedNames = new Set(findings.filter(({ excuse }) => !isTrouble(excuse)).map(({ container }) => container));
  const recent = now - windows.recentSeconds * 1000;
  return containers.some(({ name, type, loops, ends, restarts }) => {
    const endedRecently = ends.some(({ finishedAt }) => finishedAt !== undefined && finishedAt >= recent);
    if (troubledNames.has(name)) return loops || endedRecently;
    return restarts > 0 && endedRecently && type !== 'ephemeral' && !excusedNames.has(name);
  });
}

/** An attempt of a Job that failed is trouble, though no incident yet; the other excuses say that nothing is wrong. */
function isTrouble(excuse: Finding['excuse']): boolean {
  return excuse === undefined || excuse === 'job-attempt';
}
