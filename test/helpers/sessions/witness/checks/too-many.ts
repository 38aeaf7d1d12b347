import type { CheckOptions, Evidence } from '../evidence.ts';

/** Moments at which more sessions had a pod than there may be sessions; told once for each time the limit is passed. */
export function findTooMany({ changes }: Pick<Evidence, 'changes'>, { limit }: Pick<CheckOptions, 'limit'>): string[] {
  const alive = new Set<string>();
  const podsOf = new Map<string, number>();
  let above = false;
  return changes.flatMap(({ uid, sessionKey, type, deletedMs, phase, seenMs }) => {
    const isOver = type === 'DELETED' || deletedMs !== null || phase === 'Failed' || phase === 'Succeeded';
    const change = isOver ? (alive.delete(uid) ? -1 : 0) : alive.has(uid) ? 0 : 1;
    if (!isOver) alive.add(uid);
    const count = (podsOf.get(sessionKey) ?? 0) + change;
    if (count > 0) podsOf.set(sessionKey, count);
    else podsOf.delete(sessionKey);
    const wasAbove = above;
    above = podsOf.size > limit;
    return above && !wasAbove ? [`${podsOf.size} sessions at ${new Date(seenMs).toISOString()}, ${limit} may be`] : [];
  });
}
