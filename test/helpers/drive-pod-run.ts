import { type CompiledRules, noRules, RuleError } from '../../domain/pods/rules/compiled-rules.ts';
import { classifyRun } from '../../domain/pods/run/classify-run.ts';
import { acceptBatch } from '../../domain/pods/run/pod-run-accept.ts';
import { recordClassified, recordFailed } from '../../domain/pods/run/pod-run-record.ts';
import { newPodRun, nextAttempt, type PodRunState } from '../../domain/pods/run/pod-run.ts';
import type { ReclassifyResult } from '../../domain/pods/run/reclassification.ts';
import { recordReclassified } from '../../domain/pods/run/reclassify/record-reclassified.ts';
import { reclassifyInputs } from '../../domain/pods/run/reclassify/reclassify-inputs.ts';
import { reclassifyResult, reclassifyRun } from '../../domain/pods/run/reclassify-run.ts';
import type { PodChange } from '../../domain/pods/pod-change.ts';
import { podNow } from './pods.ts';

/** What `podLifecycle` makes of batches, without Temporal; `inspect` sees what goes into and comes out of a classification. */
export function drivePodRun(
  batches: readonly (readonly PodChange[])[],
  {
    state = newPodRun(),
    now = podNow,
    rules = noRules,
    inspect,
  }: {
    readonly state?: PodRunState;
    readonly now?: Date;
    readonly rules?: CompiledRules;
    readonly inspect?: (value: unknown) => void;
  } = {},
): PodRunState {
  return batches.reduce<PodRunState>((before, changes) => {
    const accepted = acceptBatch(before, { changes, epoch: before.epoch });
    const { state: current, fresh } = accepted;
    const input = {
      changes: fresh,
      previous: current.snapshot,
      deletion: current.deletion,
      current: current.verdict,
      attempt: nextAttempt(current),
      now: now.toISOString(),
    };
    inspect?.(input);
    try {
      const outcome = classifyRun(input, { rules, elapsedMs: () => 0.125 });
      inspect?.(outcome);
      return recordClassified(current, fresh, outcome, now.toISOString());
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      const rule = error instanceof RuleError ? { rule: error.rule } : {};
      return recordFailed(current, fresh, { failedAt: now.toISOString(), reason, ...rule });
    }
  }, state);
}

/** What `podLifecycle` makes of a request for a reclassification, without Temporal. */
export function reclassifyPodRun(
  state: PodRunState,
  {
    now = podNow,
    rules = noRules,
    inspect,
  }: { readonly now?: Date; readonly rules?: CompiledRules; readonly inspect?: (value: unknown) => void } = {},
): { readonly state: PodRunState; readonly result: ReclassifyResult } {
  const input = { ...reclassifyInputs(state), now: now.toISOString() };
  inspect?.(input);
  const output = reclassifyRun(input, { rules, elapsedMs: () => 0.125 });
  inspect?.(output);
  const result = reclassifyResult(input, output);
  inspect?.(result);
  return { state: recordReclassified(state, output, now.toISOString()), result };
}
