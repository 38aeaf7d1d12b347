import { randomUUID } from 'node:crypto';
import { checkReplayInput } from '../../domain/replay/check-replay-input.ts';
import type { ReplayFilter } from '../../domain/replay/replay.ts';
import { replayQuery } from '../../platform/temporal/runs/replay-query.ts';
import { startReplay } from '../../triggers/replay/start-replay.ts';
import { printable } from '../output.ts';
import { withTemporal } from '../temporal-target.ts';
import type { Terminal } from '../terminal.ts';
import { chooseCluster } from './choose-cluster.ts';
import { followReplay } from './follow-replay.ts';
import { printReplay, replayExitCode } from './print-replay.ts';

export interface ReplayOptions extends Omit<ReplayFilter, 'select'> {
  readonly all?: true;
  readonly dryRun?: true;
  readonly reason: string;
  /** Runs begun a second. */
  readonly rate: number;
  readonly cluster?: string;
  readonly wait: boolean;
  readonly output: 'table' | 'json';
}

/** Starts a replay and, unless told not to, follows it to its end. Sets the exit code. */
export async function runReplay(options: ReplayOptions, terminal: Terminal): Promise<void> {
  const { all, dryRun = false, reason, rate, cluster: given, wait, output, ...fields } = options;
  const filter: ReplayFilter = { select: all === true ? 'all' : 'failed', ...fields };
  const say = (text: string): void => void terminal.stderr.write(`${printable(text)}\n`);
  const requestId = `cli-${randomUUID().slice(0, 13)}`;
  const requestedAt = terminal.now().toISOString();
  const request = { requestId, filter, dryRun, reason, runsPerSecond: rate };
  const faults = checkReplayInput({ ...request, requestedAt, cluster: given ?? 'any' });
  for (const { path, message } of faults) say(`podkeeper replay: --${path.replace('filter.', '')} ${message}.`);
  if (faults.length > 0) {
    terminal.setExitCode(2);
    return;
  }
  await withTemporal(async (target) => {
    const { client, runUrl } = target;
    const cluster = given ?? (await chooseCluster(client));
    if (cluster === undefined) {
      say('There are no pod runs, so there is nothing to replay. Is a watch running? "podkeeper watch status" tells.');
      return;
    }
    const { count: expected } = await client.workflow.count(replayQuery({ cluster, filter }));
    const started = await startReplay({ workflow: client.workflow, cluster, ...request });
    const { workflowId, runId } = started;
    const url = runUrl(workflowId, runId);
    say(`Replay ${workflowId} started.${url === undefined ? '' : `\n${url}`}`);
    if (!wait) {
      if (output === 'json') terminal.stdout.write(`${JSON.stringify({ ...started, url: url ?? null })}\n`);
      say(`It goes on by itself: podkeeper replay status ${workflowId}`);
      return;
    }
    const end = await followReplay({ client, workflowId, expected, terminal });
    if (end === 'interrupted') return;
    printReplay({ workflowId, runId, url, progress: end, output }, terminal);
    terminal.setExitCode(replayExitCode(end));
  });
}
