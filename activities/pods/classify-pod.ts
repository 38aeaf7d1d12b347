import { classifyRun, type ClassifyRunInput } from '../../domain/pods/run/classify-run.ts';
import type { ClassifiedBatch } from '../../domain/pods/run/pod-run-record.ts';
import { type CompiledRules, RuleError } from '../../domain/pods/rules/compiled-rules.ts';
import type { Metrics } from '../../platform/metrics.ts';
import { failure, ruleFailure } from '../failure.ts';

export interface ClassifyPodDependencies {
  readonly metrics: Metrics;
  /** The user rules in force now. */
  readonly rules: () => CompiledRules;
}

/**
 * Classifies one batch of changes of one pod, or reviews it when there are none. Pure but for the clock and metrics. A user
 * rule that can't be applied makes it fail with `rule_failed` and the rule's name in the details.
 */
export function createClassifyPod({ metrics, rules }: ClassifyPodDependencies) {
  return async function classifyPod(input: ClassifyRunInput): Promise<ClassifiedBatch> {
    const startedMs = performance.now();
    const elapsedMs = (): number => Math.round((performance.now() - startedMs) * 1000) / 1000;
    try {
      const outcome = classifyRun(input, { rules: rules(), elapsedMs });
      metrics.classifications.inc({ result: 'classified' });
      countNewFindings(metrics, input, outcome);
      return await Promise.resolve(outcome);
    } catch (error) {
      metrics.classifications.inc({ result: 'failed' });
      if (!(error instanceof RuleError)) throw failure('classification_failed', error);
      metrics.ruleFailures.inc({ rule: error.rule });
      throw ruleFailure(error);
    } finally {
      metrics.classificationSeconds.observe(elapsedMs() / 1000);
    }
  };
}

/** Counts the findings of a verdict that the one before it (`current`) did not have. */
export function countNewFindings(
  metrics: Metrics,
  { current }: Pick<ClassifyRunInput, 'current'>,
  { verdict }: Pick<ClassifiedBatch, 'verdict'>,
): void {
  const key = ({ cause, container }: { cause: string; container?: string }): string => `${cause}/${container ?? ''}`;
  const known = new Set(current?.findings.map(key));
  for (const finding of verdict?.findings ?? []) {
    if (!known.has(key(finding))) metrics.findings.inc({ cause: finding.cause, severity: finding.severity });
  }
}
