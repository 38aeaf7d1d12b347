import type { FailedClassification } from '../pod-run.ts';
import type { ReclassifyInput } from '../reclassification.ts';
import { sameSnapshot } from '../../snapshot/same-snapshot.ts';

/**
 * Where in `failures` those begin after which nothing was classified; their number when there are none. They have the
 * run's snapshot as their previous one. Of a pod that is gone they count only when its delete is among them: else the
 * delete was classified after them, without an object.
 */
export function newestFailuresStart({
  failures,
  snapshot,
  gone,
}: Pick<ReclassifyInput, 'failures' | 'snapshot' | 'gone'>): number {
  const start = failures.findLastIndex(({ superseded, previous }) => superseded || !isSame(previous, snapshot)) + 1;
  const holdsDelete = failures.slice(start).some(({ changes }) => changes.at(-1)?.operation === 'delete');
  return gone && !holdsDelete ? failures.length : start;
}

function isSame(a: FailedClassification['previous'], b: FailedClassification['previous']): boolean {
  if (a === null || b === null) return a === b;
  return a.version === b.version && sameSnapshot(a, b);
}
