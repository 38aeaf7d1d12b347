import { sayCounts } from '../../domain/replay/details/replay-details.ts';
import {
  hasReplayFailures,
  type ReplayedOutcome,
  replayedOutcomes,
  type ReplayProgress,
} from '../../domain/replay/replay.ts';
import { printTable } from '../output.ts';
import type { Terminal } from '../terminal.ts';

export interface PrintedReplay {
  readonly workflowId: string;
  readonly runId: string;
  readonly url: string | undefined;
  readonly progress: ReplayProgress;
  readonly output: 'table' | 'json';
}

/** Prints what a replay did, run by run: what still fails first. */
export function printReplay({ progress, output, ...ids }: PrintedReplay, { stdout, stderr }: Terminal): void {
  const { runs, runsDropped, counts, tried, state, dryRun } = progress;
  if (output === 'json') {
    stdout.write(`${JSON.stringify({ ...ids, url: ids.url ?? null, ...progress })}\n`);
    return;
  }
  if (tried === 0) {
    stderr.write(state === 'running' ? 'Nothing tried yet.\n' : 'No run matches: there was nothing to replay.\n');
    return;
  }
  const rank = (outcome: ReplayedOutcome): number => replayedOutcomes.indexOf(outcome);
  printTable(
    runs.toSorted((a, b) => rank(a.outcome) - rank(b.outcome)),
    [
      { title: 'OUTCOME', value: ({ outcome }) => outcome },
      { title: 'RUN', value: ({ workflowId }) => workflowId },
      { title: 'FROM', value: ({ from }) => from ?? '' },
      { title: 'TO', value: ({ to }) => to ?? '' },
      { title: 'RULE', value: ({ rule }) => rule ?? '' },
      { title: 'REASON', value: ({ reason }) => reason ?? '' },
    ],
    stdout,
  );
  if (runsDropped > 0) stdout.write(`And ${runsDropped} more that a replay does not keep one by one.\n`);
  const kind = dryRun ? 'Dry run, nothing was changed' : state === 'running' ? 'So far' : 'Replay';
  stdout.write(`\n${kind}${state === 'cancelled' ? ' (cancelled)' : ''}: ${sayCounts(counts)}.\n`);
}

/** 1 when something is left for a person to do. */
export function replayExitCode({ counts, state }: Pick<ReplayProgress, 'counts' | 'state'>): number {
  return hasReplayFailures(counts) || state === 'cancelled' ? 1 : 0;
}
