import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { sayCounts } from '../../domain/replay/details/replay-details.ts';
import type { ReplayProgress } from '../../domain/replay/replay.ts';
import type { Terminal } from '../terminal.ts';
import { createProgressLine } from './progress-line.ts';
import { readReplay } from './read-replay.ts';

const pollMs = 500;

export interface FollowOptions {
  readonly client: Client;
  readonly workflowId: string;
  /** How many runs the filter matched before; undefined when nobody counted. */
  readonly expected?: number;
  readonly terminal: Terminal;
}

/**
 * Follows a replay to its end, with one line on stderr that says how far it is. Ctrl-C stops following only, and says what to do
 * then. Throws when the replay failed, or was ended from outside.
 */
export async function followReplay(options: FollowOptions): Promise<ReplayProgress | 'interrupted'> {
  const { client, workflowId, expected, terminal } = options;
  const interruption = new AbortController();
  const interrupt = (): void => interruption.abort();
  process.once('SIGINT', interrupt);
  const line = createProgressLine(terminal.stderr);
  try {
    for (;;) {
      const { open, progress } = await readReplay({ client, workflowId });
      if (progress === 'no-worker') line.show('No pod worker answers yet: npm run worker:pods starts one.');
      else if (!open) return progress;
      else line.show(`${sayCounts(progress.counts)}${expected === undefined ? '' : ` (about ${expected} match)`}`);
      await sleep(pollMs, undefined, { signal: interruption.signal }).catch(() => undefined);
      if (!interruption.signal.aborted) continue;
      line.end();
      terminal.stderr.write(
        `The replay goes on. To follow it:  podkeeper replay status -f ${workflowId}\n` +
          `                   To end it:     podkeeper replay cancel ${workflowId}\n`,
      );
      terminal.setExitCode(130);
      return 'interrupted';
    }
  } finally {
    line.end();
    process.removeListener('SIGINT', interrupt);
  }
}
