import { replayWorkflowId } from '../../../../domain/names.ts';
import type { RunRow } from '../../../../platform/temporal/runs/run-row.ts';
import { type ReplayProgress } from '../../../../workflows/replay-classifications.messages.ts';
import type { HttpDependencies } from '../../http-app.ts';
import { readRun } from '../read-run.ts';
import type { RunFailure } from '../views/read-run-end.ts';

export interface ReplayDetails {
  readonly replayId: string;
  readonly run: RunRow;
  /** Why it ended without success. */
  readonly failure: RunFailure | null;
  /** Null for one that has failed and that no worker answers for. */
  readonly progress: ReplayProgress | null;
}

/** How far a replay is, also after its end. Throws Problems as `readRun`. */
export async function readReplay(
  dependencies: Pick<HttpDependencies, 'client' | 'cluster' | 'runUrl'>,
  replayId: string,
): Promise<ReplayDetails> {
  const workflowId = replayWorkflowId(dependencies.cluster, replayId);
  const { run, failure, replayClassifications: progress } = await readRun(dependencies, { workflowId });
  if (progress === undefined) throw new Error(`${workflowId} is the latest run of its id and continued as new`);
  return { replayId, run, failure, progress };
}
