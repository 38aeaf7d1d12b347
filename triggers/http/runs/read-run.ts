import { type RunRow, runRow } from '../../../platform/temporal/runs/run-row.ts';
import type { ReclassifiedPod } from '../../../workflows/reclassify.messages.ts';
import { type ReplayProgress, replayProgressQuery } from '../../../workflows/replay-classifications.messages.ts';
import type { HttpDependencies } from '../http-app.ts';
import { askRun } from './ask-run.ts';
import { type DescribedRun, describeRun, type RunReference } from './describe-run.ts';
import { type PodRunView, readPodRun } from './views/read-pod-run.ts';
import { readRunEnd, type RunEnd, type RunFailure } from './views/read-run-end.ts';
import { readWatch, type WatchStanding } from './views/read-watch.ts';

/**
 * One run, whole. Of the last four the one that is named like the run's type is there; none of a run that continued as new:
 * what it knew is known by the next one.
 */
export interface RunDetails {
  readonly run: RunRow;
  /** One line about what the run is for; a run that continued as new has none. */
  readonly summary: string | null;
  /** Why it ended without success. */
  readonly failure: RunFailure | null;
  readonly podLifecycle?: PodRunView;
  readonly watchPods?: WatchStanding;
  readonly replayClassifications?: ReplayProgress;
  readonly reclassify?: ReclassifyView;
}

/** A reclassification answers no query; it ends at once. */
export interface ReclassifyView {
  /** Null while it runs, and when it failed. */
  readonly result: ReclassifiedPod | null;
}

/**
 * Reads one run of this cluster, open or closed. All but a reclassification and a completed replay are asked by query: a Problem
 * `no_worker` when no pod worker answers. `not_found` as `describeRun`.
 */
export async function readRun(
  dependencies: Pick<HttpDependencies, 'client' | 'cluster' | 'runUrl'>,
  reference: RunReference,
): Promise<RunDetails> {
  const { client, runUrl } = dependencies;
  const described = await describeRun(dependencies, reference);
  const { description } = described;
  const { workflowId, runId } = description;
  const end = await readRunEnd(client, description);
  return {
    run: runRow(description, runUrl(workflowId, runId)),
    summary: (await description.staticSummary()) ?? null,
    failure: end.failure,
    ...(await askRun(workflowId, () => readPart(described, end))),
  };
}

type Part = Omit<RunDetails, 'run' | 'summary' | 'failure'>;

async function readPart({ type, handle, description }: DescribedRun, { result }: RunEnd): Promise<Part> {
  if (description.status.name === 'CONTINUED_AS_NEW') return {};
  switch (type) {
    case 'podLifecycle':
      return { podLifecycle: await readPodRun(handle) };
    case 'watchPods':
      return { watchPods: await readWatch(handle, description) };
    case 'replayClassifications':
      // One that completed says what it did without a worker.
      if (result !== null) return { replayClassifications: result as ReplayProgress };
      return { replayClassifications: await handle.query(replayProgressQuery) };
    case 'reclassify':
      return { reclassify: { result: result as ReclassifiedPod | null } };
  }
}
