import { setTimeout as sleep } from 'node:timers/promises';
import { type Client, isGrpcServiceError } from '@temporalio/client';
import { sayCounts } from '../../domain/replay/details/replay-details.ts';
import type { ReplayProgress } from '../../domain/replay/replay.ts';
import type { Terminal } from '../terminal.ts';
import { createProgressLine } from './progress-line.ts';
import { type ReadReplay, readReplay } from './read-replay.ts';

const pollMs = 500;
/** Temporal may be away for so long: a restart of it takes less. */
const patienceSeconds = 60;

export interface FollowOptions {
  readonly client: Client;
  readonly workflowId: string;
  /** How many runs the filter matched before; undefined when nobody counted. */
  readonly expected?: number;
  readonly terminal: Terminal;
  /** How long Temporal may be away before it gives up; 60 when left out. */
  readonly patienceSeconds?: number;
}

/**
 * Follows a replay to its end, with one line on stderr that says how far it is. Ctrl-C stops following only, and says what to do
 * then; so does a Temporal server that stays away. Throws then, and when the replay failed or was ended from outside.
 */
export async function followReplay(options: FollowOptions): Promise<ReplayProgress | 'interrupted'> {
  const { client, workflowId, expected, terminal, patienceSeconds: patience = patienceSeconds } = options;
  const interruption = new AbortController();
  const interrupt = (): void => interruption.abort();
  process.once('SIGINT', interrupt);
  const line = createProgressLine(terminal.stderr);
  const sayHint = (): void => {
    line.end();
    terminal.stderr.write(
      `The replay goes on. To follow it:  podkeeper replay status -f ${workflowId}\n` +
        `                   To end it:     podkeeper replay cancel ${workflowId}\n`,
    );
  };
  let answeredMs = performance.now();
  const readOnce = async (): Promise<ReadReplay | 'away'> => {
    try {
      const read = await readReplay({ client, workflowId });
      answeredMs = performance.now();
      return read;
    } catch (error) {
      if (!mayPass(error)) throw error;
      if (performance.now() - answeredMs < patience * 1000) return 'away';
      sayHint();
      throw error;
    }
  };
  try {
    for (;;) {
      const read = await readOnce();
      if (read === 'away') line.show('Temporal does not answer; trying again.');
      else if (read.progress === 'no-worker') line.show('No pod worker answers yet: npm run worker:pods starts one.');
      else if (!read.open) return read.progress;
      else line.show(`${sayCounts(read.progress.counts)}${expected === undefined ? '' : ` (about ${expected} match)`}`);
      await sleep(pollMs, undefined, { signal: interruption.signal }).catch(() => undefined);
      if (!interruption.signal.aborted) continue;
      sayHint();
      terminal.setExitCode(130);
      return 'interrupted';
    }
  } finally {
    line.end();
    process.removeListener('SIGINT', interrupt);
  }
}

/** gRPC codes of a server that is away, restarting or overloaded: late, out of room, unavailable. */
const passing: readonly number[] = [4, 8, 14];

function mayPass(error: unknown): boolean {
  const cause = error instanceof Error && isGrpcServiceError(error.cause) ? error.cause : error;
  return isGrpcServiceError(cause) && passing.includes(cause.code);
}
