import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import { searchAttributes } from '../../../../domain/search-attributes.ts';
import type { PodChange, RecordSample } from './tables.ts';

/** Phases in which a session has a pod. */
const withPod: ReadonlySet<string> = new Set(['Ready', 'Draining']);

const state = defineSearchAttributeKey(searchAttributes.state.name, SearchAttributeType.KEYWORD);

export interface RecordSampler {
  readonly samples: () => readonly RecordSample[];
  /** One more, now. */
  readonly look: () => Promise<RecordSample>;
  readonly close: () => Promise<void>;
}

/** Compares, once a second and with many sessions less often, the open runs of sessions with the pods that are there by our own watch. */
export function sampleRecords(input: {
  readonly client: Client;
  readonly changes: () => readonly PodChange[];
  readonly everyMs?: number;
}): RecordSampler {
  const { client, changes, everyMs = 1000 } = input;
  const samples: RecordSample[] = [];
  const stopping = new AbortController();

  const look = async () => {
    const runs: string[] = [];
    const runsWithPod: string[] = [];
    const query = `ExecutionStatus = "Running" AND WorkflowId STARTS_WITH "session/"`;
    for await (const { workflowId, typedSearchAttributes: held } of client.workflow.list({ query })) {
      const phase = held.get(state) ?? '';
      const key = workflowId.slice('session/'.length);
      runs.push(key);
      if (withPod.has(phase)) runsWithPod.push(key);
    }
    const sample = { atMs: Date.now(), runs, runsWithPod, pods: keysOfPods(changes()) };
    samples.push(sample);
    return sample;
  };

  const sampling = (async () => {
    while (!stopping.signal.aborted) {
      const startedMs = performance.now();
      // While Temporal is killed there is nothing to compare.
      await look().catch(() => undefined);
      // A long list is work for the server that is being tested.
      const pauseMs = Math.max(everyMs, (performance.now() - startedMs) * 20);
      await sleep(pauseMs, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  })();
  return {
    samples: () => [...samples],
    look,
    close: async () => {
      stopping.abort();
      await sampling;
    },
  };
}

function keysOfPods(changes: readonly PodChange[]): readonly string[] {
  const latest = new Map(changes.map((change) => [change.uid, change] as const));
  const alive = [...latest.values()].filter(
    ({ type, deletedMs, phase }) =>
      type !== 'DELETED' && deletedMs === null && !['Failed', 'Succeeded'].includes(phase),
  );
  return [...new Set(alive.map(({ sessionKey }) => sessionKey))];
}
