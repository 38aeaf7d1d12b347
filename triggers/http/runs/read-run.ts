import { type RunRow, runRow } from '../../../platform/temporal/runs/run-row.ts';
import type { ReclassifiedPod } from '../../../workflows/reclassify.messages.ts';
import { type ReplayProgress, replayProgressQuery } from '../../../workflows/replay-classifications.messages.ts';
import type { HttpDependencies } from '../http-app.ts';
import { Problem } from '../problems/problem.ts';
import { askRun } from './ask-run.ts';
import { type DescribedRun, describeRun, type RunReference } from './describe-run.ts';
import { type PodRunView, readPodRun } from './views/read-pod-run.ts';
import { readRunEnd, type RunEnd, type RunFailure } from './views/read-run-end.ts';
import { readWatch, type WatchStanding } from './views/read-watch.ts';

/**
 * One run, whole. Of the next four the one that is named like the run's type is there, null for a closed run that no worker
 * answers for; none of a run that continued as new: what it knew is known by the next one.
 */
export interface RunDetails {
  readonly run: RunRow;
  /** One line about what the run is for; a run that continued as new has none. */
  readonly summary: string | null;
  /** Why it ended without success. */
  readonly failure: RunFailure | null;
  readonly podLifecycle?: PodRunView | null;
  readonly watchPods?: WatchStanding | null;
  readonly replayClassifications?: ReplayProgress | null;
  readonly reclassify?: ReclassifyView;
  /** What a closed run returned that no worker answers for; that needs none. */
  readonly result?: Readonly<Record<string, unknown>>;
}

/** A reclassification answers no query; it ends at once. */
export interface ReclassifyView {
  /** Null while it runs, and when it failed. */
  readonly result: ReclassifiedPod | null;
}

/**
 * Reads one run of this cluster, open or closed. All but a reclassification and a completed replay are asked by query: a Problem
 * `no_worker` when no pod worker answers for an open one. `not_found` as `describeRun`.
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
    ...(await readPartOrEnd(described, end)),
  };
}

type Part = Omit<RunDetails, 'run' | 'summary' | 'failure'>;

/**
 * A closed run may never be answered for: it failed before it could answer, or the workers of its release are gone. Then its
 * end is told, which Temporal keeps.
 */
async function readPartOrEnd(described: DescribedRun, end: RunEnd): Promise<Part> {
  const { type, description } = described;
  try {
    return await askRun(description.workflowId, () => readPart(described, end));
  } catch (error) {
    const isUnanswered = error instanceof Problem && error.code === 'no_worker';
    if (!isUnanswered || description.closeTime === undefined) throw error;
    return { [type]: null, ...(end.result !== null && { result: end.result as Readonly<Record<string, unknown>> }) };
  }
}

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
