import { applyRules, type Classification, classifyBatch, type DeletionSeen, listTags } from '../classification.ts';
import type { PodChange } from '../pod-change.ts';
import type { ClassifiedBatch } from './pod-run-record.ts';
import type { TimelineEntry } from './pod-run.ts';
import type { PodSnapshot } from '../snapshot/pod-snapshot.ts';
import type { CompiledRules } from '../rules/compiled-rules.ts';
import { decideVerdict } from '../verdict/decide-verdict.ts';
import type { Verdict } from '../verdict/types.ts';

export interface ClassifyRunInput {
  /** New changes in order; none means a review: has the verdict changed by time alone? */
  readonly changes: readonly PodChange[];
  readonly previous: PodSnapshot | null;
  readonly deletion: DeletionSeen | null;
  /** The verdict so far. */
  readonly current: Verdict | null;
  readonly attempt: number;
  /** RFC 3339; the moment a review is made for. Changes are judged as of when they were observed. */
  readonly now: string;
}

export interface ClassifyRunOptions {
  readonly rules: CompiledRules;
  /** Milliseconds since the classification began. */
  readonly elapsedMs: () => number;
}

/**
 * Classifies a run's next batch, or reviews its verdict. Throws ClassificationError on malformed input and RuleError when a
 * user rule can't be applied.
 */
export function classifyRun(input: ClassifyRunInput, options: ClassifyRunOptions): ClassifiedBatch {
  const { rules, elapsedMs } = options;
  const { changes, attempt, current } = input;
  if (changes.length === 0) return review(input, options);
  const { classifications, deletion } = classifyBatch({
    changes,
    attempt,
    rules,
    previous: input.previous ?? undefined,
    deletion: input.deletion ?? undefined,
  });
  return {
    entries: classifications.map((classification) => timelineEntry(classification, elapsedMs())),
    verdict: classifications.at(-1)?.verdict ?? current,
    deletion: deletion ?? null,
  };
}

function review(
  { previous, deletion, current, attempt, now }: ClassifyRunInput,
  { rules, elapsedMs }: ClassifyRunOptions,
): ClassifiedBatch {
  if (previous === null) return { entries: [], verdict: current, deletion };
  const snapshot = { ...previous, ...deletion };
  const decided = decideVerdict({ snapshot, now: new Date(now) });
  const { verdict, tags, ...ruled } = applyRules(rules, { snapshot, verdict: decided });
  const same = current !== null && says(current) === says(verdict);
  if (same) return { entries: [], verdict: current, deletion };
  const entry = timelineEntry(
    {
      taskName: `Pod reviewed: ${previous.name}`,
      tags: listTags({ operation: 'review', verdict, ruleTags: tags }),
      operation: 'review',
      transitions: [],
      verdict,
      changeClassified: true,
      ...ruled,
      attempt,
      version: previous.version,
      observedAt: now,
    },
    elapsedMs(),
  );
  return { entries: [entry], verdict, deletion };
}

/** What a person would notice: two verdicts that say this alike need no new entry. */
function says({ health, incident, primary, findings }: Verdict): string {
  return [health, incident, primary, findings[0]?.severity].join();
}

type Classified = Omit<Classification, 'operation'> & { readonly operation: TimelineEntry['operation'] };

/** The verdict in short; its whole text is kept for the newest only. */
function timelineEntry({ verdict, ...classified }: Classified, elapsedMs: number): TimelineEntry {
  const { health, incident, primary, findings } = verdict;
  const [finding] = primary === null ? [] : findings;
  return {
    ...classified,
    health,
    incident,
    primary,
    severity: finding?.severity ?? null,
    summary: finding?.summary ?? null,
    elapsedMs,
  };
}
