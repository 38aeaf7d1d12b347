import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import { withTemporal } from '../temporal-target.ts';
import type { Terminal } from '../terminal.ts';
import { followReplay } from './follow-replay.ts';
import { printReplay, replayExitCode } from './print-replay.ts';
import { readReplay } from './read-replay.ts';

/** Prints a replay as it is now, or with `follow` when it has ended. Sets the exit code. */
export async function showReplay(
  options: { readonly id: string; readonly follow?: true; readonly output: 'table' | 'json' },
  terminal: Terminal,
): Promise<void> {
  const { id: workflowId, follow, output } = options;
  await withTemporal(async ({ client, runUrl }) => {
    const { runId, progress } = await findReplay(client, workflowId);
    const shown = follow === true ? await followReplay({ client, workflowId, terminal }) : progress;
    if (shown === 'interrupted') return;
    if (shown === 'no-worker') throw new Error('No pod worker answers for this run. Start one: npm run worker:pods.');
    printReplay({ workflowId, runId, url: runUrl(workflowId, runId), progress: shown, output }, terminal);
    terminal.setExitCode(replayExitCode(shown));
  });
}

/** Asks a replay to end; what it is trying just now is finished first. */
export async function cancelReplay(workflowId: string, terminal: Terminal): Promise<void> {
  await withTemporal(async ({ client }) => {
    const { open } = await findReplay(client, workflowId);
    if (!open) throw new Error(`The replay ${workflowId} has ended already.`);
    await client.workflow.getHandle(workflowId).cancel();
    terminal.stderr.write(`It ends after what it is trying just now: podkeeper replay status -f ${workflowId}\n`);
  });
}

async function findReplay(client: Client, workflowId: string) {
  try {
    return await readReplay({ client, workflowId });
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
    throw new Error(
      `There is no replay "${workflowId}". "podkeeper runs list --type replayClassifications" shows those there are.`,
      { cause: error },
    );
  }
}
