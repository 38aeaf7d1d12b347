import type { Evidence } from '../evidence.ts';
import type { PodChange } from '../tables.ts';

/** Moments at which two pods of one session could have been sent requests. */
export function findSecondPods({ changes }: Pick<Evidence, 'changes'>): string[] {
  const routable = new Map<string, Map<string, PodChange>>();
  const violations: string[] = [];
  for (const change of changes) {
    const pods = routable.get(change.sessionKey) ?? new Map<string, PodChange>();
    routable.set(change.sessionKey, pods);
    const wasRoutable = pods.has(change.uid);
    if (isRoutable(change)) pods.set(change.uid, change);
    else pods.delete(change.uid);
    if (pods.size > 1 && !wasRoutable) {
      const names = [...pods.values()].map(({ name }) => name).join(' and ');
      violations.push(`${names} were both routable at ${new Date(change.seenMs).toISOString()}`);
    }
  }
  return violations;
}

/** As the specification says, without "the highest incarnation only": the lower one must not be there at all. */
function isRoutable({ type, phase, address, ready, incarnation, deletedMs }: PodChange): boolean {
  return type !== 'DELETED' && phase === 'Running' && address !== '' && ready === incarnation && deletedMs === null;
}
