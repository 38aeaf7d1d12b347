import type { Client } from '@temporalio/client';
import { endsFromOutside, type FoundRun, type ReplayFilter } from '../../domain/replay/replay.ts';
import { listRunPage } from '../../platform/temporal/runs/list-run-page.ts';
import { replayQuery } from '../../platform/temporal/runs/replay-query.ts';
import type { RunInfo } from '../../platform/temporal/runs/run-row.ts';
import { askTemporal } from './ask/ask-temporal.ts';
import { shownText } from './ask/shown-text.ts';
import { refuseForeignCluster } from '../refuse-foreign-cluster.ts';

const defaultPageSize = 100;

export interface FindRunsDependencies {
  readonly client: Client;
  readonly cluster: string;
  /** 100 when left out. */
  readonly pageSize?: number;
}

export interface FindRunsInput {
  readonly cluster: string;
  readonly filter: ReplayFilter;
  /** Of the page before; null asks for the first one. */
  readonly pageToken: string | null;
}

export interface FoundRuns {
  /** Open ones first, then the closed ones, each newest first. */
  readonly runs: readonly FoundRun[];
  /** Null on the last page. */
  readonly nextPageToken: string | null;
}

/** One page (100) of the pod runs a replay takes, from visibility; what is in there lags behind the runs by up to some seconds. */
export function createFindRunsToReplay(dependencies: FindRunsDependencies) {
  const { client, cluster, pageSize = defaultPageSize } = dependencies;
  return async function findRunsToReplay(input: FindRunsInput): Promise<FoundRuns> {
    refuseForeignCluster({ asked: input.cluster, served: cluster });
    const pageToken = input.pageToken === null ? null : Buffer.from(input.pageToken, 'base64');
    const page = await askTemporal(client, () =>
      listRunPage({ client, query: replayQuery(input), pageSize, pageToken }),
    );
    const { nextPageToken } = page;
    return {
      runs: page.runs.map(foundRun),
      nextPageToken: nextPageToken === null ? null : Buffer.from(nextPageToken).toString('base64'),
    };
  };
}

function foundRun(info: RunInfo): FoundRun {
  const { workflowId, runId, status, closeTime } = info;
  const endedFromOutside = endsFromOutside.find((name) => name === status.name);
  return {
    workflowId,
    runId,
    open: status.name === 'RUNNING',
    ...(endedFromOutside === undefined ? {} : { endedFromOutside }),
    closedAt: closeTime?.toISOString() ?? null,
    failed: shownText(info, 'state') === 'classification-failed',
    owner: shownText(info, 'owner'),
  };
}
