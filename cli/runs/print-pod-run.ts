import type { TimelineEntry } from '../../domain/pods/run/pod-run.ts';
import type { RunRow } from '../../platform/temporal/runs/run-row.ts';
import type { PodRunFailures, PodRunView } from '../../triggers/http/runs/views/read-pod-run.ts';
import type { RunFailure } from '../../triggers/http/runs/views/read-run-end.ts';
import type { PodState } from '../../workflows/pod-lifecycle.messages.ts';
import { printable, printTable, type TextOutput } from '../output.ts';
import { printVerdict } from './print-verdict.ts';

export interface PrintedPodRun extends PodRunView {
  readonly run: RunRow;
  readonly failure: RunFailure | null;
  /** Ids of the runs of earlier pods of this name. */
  readonly earlier: readonly string[];
}

/** Prints the run of a pod: where it stands, what could not be classified, and its timeline. */
export function printPodRun(printed: PrintedPodRun, stdout: TextOutput): void {
  const { run, failure, state, timeline, failures, earlier } = printed;
  const { verdict, snapshot } = state;
  const print = (line: string): unknown => stdout.write(`${printable(line)}\n`);
  print(`${run.workflowId}  (${run.status.toLowerCase()}, started ${run.startedAt})`);
  if (run.url !== null) print(run.url);
  const counts = Object.entries(state.operations).map(([operation, count]) => `${count} ${operation}`);
  print(`Node ${snapshot?.nodeName ?? 'none yet'}, ${state.restarts} restarts, changes: ${counts.join(', ')}`);
  if (failure !== null) print(`The run failed (${failure.type}): ${failure.message}`);
  if (verdict !== null) {
    stdout.write('\n');
    printVerdict({ verdict, prefix: state.gone ? 'Gone; last seen ' : '' }, stdout);
  }
  printFailures({ failures, state, closed: run.closedAt !== null }, stdout);
  stdout.write('\n');
  if (timeline.dropped > 0) print(`${timeline.dropped} older entries are no longer kept.`);
  printTimeline(timeline.entries, stdout);
  if (earlier.length === 0) return;
  stdout.write('\nEarlier pods of this name:\n');
  for (const id of earlier) print(`  ${id}`);
}

/** Prints classifications, one a line. */
export function printTimeline(entries: readonly TimelineEntry[], stdout: TextOutput): void {
  printTable(
    entries,
    [
      { title: 'OBSERVED', value: ({ observedAt }) => observedAt },
      { title: 'TASK', value: ({ taskName }) => taskName },
      { title: 'VERSION', value: ({ version }) => version },
      { title: 'HEALTH', value: ({ health }) => health },
      { title: 'CAUSE', value: ({ primary }) => primary ?? '' },
      { title: 'TRANSITIONS', value: ({ transitions }) => transitions.map(({ type }) => type).join(', ') },
    ],
    stdout,
  );
}

interface FailedPart {
  readonly failures: PodRunFailures;
  readonly state: Pick<PodState, 'pod'>;
  readonly closed: boolean;
}

function printFailures({ failures, state, closed }: FailedPart, stdout: TextOutput): void {
  const { count, items } = failures;
  if (count === 0) return;
  const { namespace, name } = state.pod;
  stdout.write(`\n${count} ${count === 1 ? 'batch' : 'batches'} of changes could not be classified:\n`);
  printTable(
    items,
    [
      { title: 'FAILED', value: ({ failedAt }) => failedAt },
      { title: 'CHANGES', value: ({ changes }) => String(changes) },
      { title: 'RULE', value: ({ rule }) => rule ?? '' },
      { title: 'REASON', value: ({ reason }) => reason },
    ],
    stdout,
  );
  const when = closed ? ' (unless an earlier replay did: "runs show reclassify/<cluster>/<uid>" tells)' : '';
  stdout.write(`Mend the cause, then try them again${when}:\n`);
  stdout.write(`  podkeeper replay -n ${printable(namespace)} --pod ${printable(name)}\n`);
}
