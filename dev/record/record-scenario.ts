import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { KubernetesApi } from '../kubernetes/api.ts';
import { makeNamespace } from '../kubernetes/apply.ts';
import { type RawChange, watchCollection } from '../kubernetes/watch.ts';
import { perform } from '../scenarios/perform.ts';
import type { Scenario } from '../scenarios/scenario.ts';
import { createSeenPods } from '../scenarios/seen-pods.ts';
import { type RecordedChange, type RecordingHeader, withoutManagedFields } from './recording.ts';

const defaultSettleSeconds = 3;

export interface RecordInput {
  readonly scenario: Scenario;
  readonly api: KubernetesApi;
  readonly kubernetesVersion: string;
  /** The folder the recording is written to. */
  readonly folder: string;
  readonly report: (line: string) => void;
  readonly signal: AbortSignal;
}

/**
 * Plays one scenario in a namespace of its own and writes down every change of its pods and of their Events. Throws, and
 * leaves an earlier recording as it was, when the scenario does not come to its end.
 */
export async function recordScenario(input: RecordInput): Promise<{ changes: number; events: number }> {
  const { scenario, api, report } = input;
  const namespace = scenario.name;
  const recordedAt = new Date().toISOString();
  const lines: RecordedChange[] = [];
  const seen = createSeenPods();
  await makeNamespace(api, namespace);
  const record = (change: RawChange) => {
    lines.push({ at: new Date().toISOString(), type: change.type, object: withoutManagedFields(change.object) });
    if (change.object.kind === 'Pod') seen.take(change);
  };
  await whileWatching({ api, namespace, record, signal: input.signal }, async (signal) => {
    await perform(scenario, { api, namespace, pods: seen.list, signal, onStep: (step) => report(step) });
    await sleep((scenario.settleSeconds ?? defaultSettleSeconds) * 1000, undefined, { signal });
  });
  const header: RecordingHeader = {
    scenario: scenario.name,
    description: scenario.description,
    kubernetesVersion: input.kubernetesVersion,
    recordedAt,
    pods: seen.list().map(({ role, pod }) => ({ uid: pod.metadata?.uid ?? '', name: pod.metadata?.name ?? '', role })),
  };
  const text = [header, ...lines].map((line) => `${JSON.stringify(line)}\n`).join('');
  await writeFile(join(input.folder, `${scenario.name}.jsonl`), text);
  const events = lines.filter(({ object }) => object.kind === 'Event').length;
  return { changes: lines.length - events, events };
}

/** Does `work` while pods and Events are watched, and fails with the watch if that breaks. */
async function whileWatching(
  input: {
    readonly api: KubernetesApi;
    readonly namespace: string;
    readonly record: (change: RawChange) => void;
    readonly signal: AbortSignal;
  },
  work: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const { api, namespace, record } = input;
  const stop = new AbortController();
  const watches: Promise<void>[] = [];
  const begun = ['pods', 'events'].map(
    (collection) =>
      new Promise<void>((resolve, reject) => {
        const path = `/api/v1/namespaces/${namespace}/${collection}`;
        const watch = watchCollection({ api, path, signal: stop.signal, onListed: resolve, onChange: record });
        watches.push(watch);
        watch.catch(reject);
      }),
  );
  try {
    await Promise.race([Promise.all(begun), ...watches]);
    await Promise.race([work(AbortSignal.any([stop.signal, input.signal])), Promise.all(watches)]);
  } finally {
    stop.abort();
    await Promise.allSettled(watches);
  }
}
