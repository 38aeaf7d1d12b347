import type { WorkflowExecutionInfo } from '@temporalio/client';
import { runRow } from '../../platform/temporal/runs/run-row.ts';
import { readPodRun } from '../../triggers/http/runs/views/read-pod-run.ts';
import { readRunEnd } from '../../triggers/http/runs/views/read-run-end.ts';
import { podLifecycleType } from '../../workflows/pod-lifecycle.messages.ts';
import { type ReclassifiedPod, reclassifyType } from '../../workflows/reclassify.messages.ts';
import { replayClassificationsType } from '../../workflows/replay-classifications.messages.ts';
import { watchPodsType } from '../../workflows/watch-pods.messages.ts';
import { printReplay } from '../replay/print-replay.ts';
import { readReplay } from '../replay/read-replay.ts';
import { type TemporalTarget, withTemporal } from '../temporal-target.ts';
import type { Terminal } from '../terminal.ts';
import { showWatch } from '../watch/show-watch.ts';
import { findRuns } from './find-runs.ts';
import { printPodRun } from './print-pod-run.ts';
import { printReclassification } from './print-reclassification.ts';

type Output = 'table' | 'json';

/** Prints one run whole: where its pod stands, what its watch does, or what a replay or a reclassification brought. */
export async function showRun(
  { run, output }: { readonly run: string; readonly output: Output },
  terminal: Terminal,
): Promise<void> {
  await withTemporal(async (target) => {
    const [info, ...earlier] = await findRuns(target, run);
    if (info === undefined) {
      throw new Error(`There is no run "${run}". "podkeeper runs list" shows the runs there are.`);
    }
    const { workflowId, type } = info;
    switch (type) {
      case podLifecycleType:
        await showPodRun(target, { info, earlier, output, terminal });
        return;
      case watchPodsType:
        await showWatch(target, { workflowId, output });
        return;
      case replayClassificationsType:
        await showReplay(target, { info, earlier, output, terminal });
        return;
      case reclassifyType:
        await showReclassification(target, { info, earlier, output, terminal });
        return;
      default:
        throw new Error(`"${workflowId}" is a ${type}, not one of Podkeeper's runs.`);
    }
  });
}

interface Shown {
  readonly info: WorkflowExecutionInfo;
  readonly earlier: readonly WorkflowExecutionInfo[];
  readonly output: Output;
  readonly terminal: Terminal;
}

async function showPodRun({ client, runUrl }: TemporalTarget, shown: Shown): Promise<void> {
  const { info, earlier, output, terminal } = shown;
  const { workflowId, runId } = info;
  const view = await readPodRun(client.workflow.getHandle(workflowId, runId));
  const { failure } = await readRunEnd(client, info);
  const run = runRow(info, runUrl(workflowId, runId));
  if (output === 'json') terminal.stdout.write(`${JSON.stringify({ run, failure, ...view })}\n`);
  // A run that continued as new is listed once more for each time.
  else {
    const others = new Set(earlier.map((other) => other.workflowId).filter((id) => id !== workflowId));
    printPodRun({ run, failure, ...view, earlier: [...others] }, terminal.stdout);
  }
}

async function showReplay({ client, runUrl }: TemporalTarget, { info, output, terminal }: Shown): Promise<void> {
  const { workflowId, runId } = info;
  const { progress } = await readReplay({ client, workflowId });
  if (progress === 'no-worker') throw new Error('No pod worker answers for this run. Start one: npm run worker:pods.');
  printReplay({ workflowId, runId, url: runUrl(workflowId, runId), progress, output }, terminal);
}

async function showReclassification({ client, runUrl }: TemporalTarget, shown: Shown): Promise<void> {
  const { info, output, terminal } = shown;
  const { workflowId, runId } = info;
  const end = await readRunEnd(client, info);
  const run = runRow(info, runUrl(workflowId, runId));
  const printed = { run, failure: end.failure, result: end.result as ReclassifiedPod | null };
  if (output === 'json') terminal.stdout.write(`${JSON.stringify(printed)}\n`);
  else printReclassification(printed, terminal.stdout);
}
