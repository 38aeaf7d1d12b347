import type { ReclassifyInput, ReclassifyOutput, ReclassifyResult } from '../reclassification.ts';
import { compareJudged, type Judged } from './compare-judged.ts';

/** What a replay tells of a run that was given this output. */
export function reclassifyResult(
  { failures, dropped = 0, verdict, latest }: Pick<ReclassifyInput, 'failures' | 'dropped' | 'verdict' | 'latest'>,
  { retried, review, reviewFailure, rulesVersion }: ReclassifyOutput,
): ReclassifyResult {
  const counts = { fixed: 0, failing: 0 };
  let after: Judged = { verdict, entry: latest };
  let why = dropped === 0 ? reviewFailure : { reason: droppedReason(dropped) };
  for (const [index, { changes }] of failures.entries()) {
    const tried = retried[index];
    if (tried?.fixed !== true) {
      counts.failing += changes.length;
      why = tried ?? why;
      continue;
    }
    counts.fixed += changes.length;
    if (tried.advances) after = { verdict: tried.batch.verdict, entry: tried.batch.entries.at(-1) ?? after.entry };
  }
  const [reviewed] = review?.entries ?? [];
  if (review !== null && reviewed !== undefined) after = { verdict: review.verdict, entry: reviewed };
  const tried = counts.failing > 0 || dropped > 0 ? 'still-failing' : 'fixed';
  return {
    outcome: failures.length > 0 || dropped > 0 ? tried : reviewed === undefined ? 'unchanged' : 'changed',
    ...counts,
    ...compareJudged({ verdict, entry: latest }, after),
    ...(why === undefined ? {} : { reason: why.reason }),
    ...(why?.rule === undefined ? {} : { rule: why.rule }),
    rulesVersion,
  };
}

/** The run stays `classification-failed`: nobody can know any more what was not kept. */
function droppedReason(dropped: number): string {
  const what = dropped === 1 ? '1 older failure was' : `${dropped} older failures were`;
  return `${what} too many or too big to be kept, and can't be tried again`;
}
