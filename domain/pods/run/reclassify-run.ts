import { classifyRun, type ClassifyRunOptions } from './classify-run.ts';
import type { ClassifiedBatch } from './pod-run-record.ts';
import type { ReclassifyInput, ReclassifyOutput, RetriedFailure } from './reclassification.ts';
import { newestFailuresStart } from './reclassify/newest-failures.ts';
import type { WhyFailed } from './reclassify/reclassify-result.ts';
import { compareJudged } from './reclassify/compare-judged.ts';
import { isObserved } from '../pod-change.ts';
import { RuleError } from '../rules/compiled-rules.ts';

export { reclassifyResult } from './reclassify/describe-reclassified.ts';

const longestReason = 1024;

/** Where a run stands: what the next of its newest failures is classified against. */
type Standing = Pick<ReclassifyInput, 'snapshot' | 'deletion' | 'verdict' | 'latest' | 'gone'>;

/**
 * Tries a run's failures again, oldest first, and then judges its newest snapshot again. A failure that nothing newer was
 * classified after carries the run forward; an older one is classified against what it was seen with and only completes
 * the timeline. Pure, and never throws: what fails again says why.
 */
export function reclassifyRun(input: ReclassifyInput, options: ClassifyRunOptions): ReclassifyOutput {
  const { now, failures } = input;
  const newestStart = newestFailuresStart(input);
  let standing: Standing = input;
  let { attempt } = input;
  const retried = failures.map(({ changes, previous, deletion }, index): RetriedFailure => {
    const advances = index >= newestStart;
    const seenWith = advances
      ? { previous: standing.snapshot, deletion: standing.deletion, current: standing.verdict }
      : { previous, deletion, current: null };
    const batch = tryTo(() => classifyRun({ ...seenWith, changes, attempt, now }, options));
    attempt += changes.length;
    if ('reason' in batch) return { fixed: false, ...batch };
    if (advances) {
      standing = {
        snapshot: changes.findLast(isObserved)?.snapshot ?? standing.snapshot,
        deletion: batch.deletion,
        verdict: batch.verdict,
        latest: batch.entries.at(-1) ?? standing.latest,
        gone: standing.gone || changes.at(-1)?.operation === 'delete',
      };
    }
    return { fixed: true, batch, advances };
  });
  const review = tryTo(() => judgeAgain({ ...standing, attempt, now }, options));
  const { version: rulesVersion } = options.rules;
  return review !== null && 'reason' in review
    ? { retried, review: null, reviewFailure: review, rulesVersion }
    : { retried, review, rulesVersion };
}

function judgeAgain(
  { snapshot, deletion, verdict, latest, gone, ...review }: Standing & Pick<ReclassifyInput, 'attempt' | 'now'>,
  options: ClassifyRunOptions,
): ClassifiedBatch | null {
  if (snapshot === null || gone) return null;
  // Without a verdict to compare with there always is an entry, which also tells what the rules say.
  const batch = classifyRun({ ...review, changes: [], previous: snapshot, deletion, current: null }, options);
  const { from, to } = compareJudged(
    { verdict, entry: latest },
    { verdict: batch.verdict, entry: batch.entries[0] ?? null },
  );
  return from === to ? { entries: [], verdict, deletion } : batch;
}

function tryTo<T>(classify: () => T): T | WhyFailed {
  try {
    return classify();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { reason: reason.slice(0, longestReason), ...(error instanceof RuleError ? { rule: error.rule } : {}) };
  }
}
