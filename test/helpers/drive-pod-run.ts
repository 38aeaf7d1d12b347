import { noRules } from '../../domain/pods/rules/compiled-rules.ts';
import { classifyRun } from '../../domain/pods/run/classify-run.ts';
import { acceptBatch } from '../../domain/pods/run/pod-run-accept.ts';
import { recordClassified, recordFailed } from '../../domain/pods/run/pod-run-record.ts';
import { newPodRun, type PodRunState } from '../../domain/pods/run/pod-run.ts';
import type { PodChange } from '../../domain/pods/pod-change.ts';
import { podNow } from './pods.ts';

/** What `podLifecycle` makes of batches, without Temporal; `inspect` sees what goes into and comes out of a classification. */
export function drivePodRun(
  batches: readonly (readonly PodChange[])[],
  {
    state = newPodRun(),
    now = podNow,
    inspect,
  }: {
    readonly state?: PodRunState;
    readonly now?: Date;
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
      attempt: current.timelineDropped + current.timeline.length + current.failed + 1,
      now: now.toISOString(),
    };
    inspect?.(input);
    try {
      const outcome = classifyRun(input, { rules: noRules, elapsedMs: () => 0.125 });
      inspect?.(outcome);
      return recordClassified(current, fresh, outcome, now.toISOString());
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      return recordFailed(current, fresh, { failedAt: now.toISOString(), reason });
    }
  }, state);
}
