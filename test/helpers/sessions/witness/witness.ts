import type { Client } from '@temporalio/client';
import type { KubernetesApi } from '../../../../dev/kubernetes/api.ts';
import { checkInvariants } from './check-invariants.ts';
import type { CheckOptions, Evidence } from './evidence.ts';
import { type ClientTable, createClientTable } from './client-table.ts';
import { followPodLogs, readStandInLog } from './read-request-logs.ts';
import { type RecordSampler, sampleRecords } from './sample-records.ts';
import type { PodChange } from './tables.ts';
import { watchSessionPods } from './watch-session-pods.ts';

/** Who saw what happened: clients, pods, the API server, and the list of runs; nothing of the product's own. */
export interface Witness {
  readonly clients: ClientTable;
  readonly changes: () => readonly PodChange[];
  /** Compares open runs and pods again and again. */
  readonly records: RecordSampler;
  readonly evidence: () => Promise<Evidence>;
  /** All violations of section 9, in words; none is what one wants. */
  readonly check: (options: CheckOptions) => Promise<readonly string[]>;
  /** Watches anew, after a test killed the API server. What was seen before stays. */
  readonly watchAgain: () => Promise<void>;
  readonly close: () => Promise<void>;
}

export async function createWitness(input: {
  readonly temporal: Client;
  readonly kubernetes: KubernetesApi;
  readonly namespace: string;
  readonly node: 'real' | 'simulated';
  readonly standInLog: string | null;
}): Promise<Witness> {
  const { kubernetes, namespace } = input;
  const clients = createClientTable();
  const logs = input.standInLog === null ? followPodLogs(kubernetes, namespace) : readStandInLog(input.standInLog);
  const before: PodChange[] = [];
  let watch = await watchSessionPods(kubernetes, [namespace], logs.follow);
  const changes = () => [...before, ...watch.changes()];
  const records = sampleRecords({ client: input.temporal, changes });

  const evidence = async (): Promise<Evidence> => ({
    requests: clients.rows(),
    changes: changes(),
    podRequests: await logs.requests(),
    samples: records.samples(),
  });
  return {
    clients,
    changes,
    records,
    evidence,
    check: async (options) => checkInvariants(await evidence(), options),
    watchAgain: async () => {
      const seen = watch.changes();
      // It broke with the API server: that is why it is replaced.
      await watch.close().catch(() => undefined);
      const next = await watchSessionPods(kubernetes, [namespace], logs.follow);
      before.push(...seen, ...goneMeanwhile([...before, ...seen], next.changes()));
      watch = next;
    },
    close: async () => {
      await records.close();
      logs.close();
      await watch.close().catch(() => undefined);
    },
  };
}

/** Pods that no list shows any more, as deletions seen now: the latest moment at which they can have been. */
function goneMeanwhile(seen: readonly PodChange[], listed: readonly PodChange[]): PodChange[] {
  const there = new Set(listed.map(({ uid }) => uid));
  const last = new Map(seen.map((change) => [change.uid, change] as const));
  return [...last.values()]
    .filter(({ uid, type }) => type !== 'DELETED' && !there.has(uid))
    .map((change) => ({ ...change, type: 'DELETED', seenMs: Date.now() }));
}
