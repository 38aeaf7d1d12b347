import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ReplayDetails } from '../../../triggers/http/runs/replays/read-replay.ts';
import type { RunDetails } from '../../../triggers/http/runs/read-run.ts';
import type { PodRunView } from '../../../triggers/http/runs/views/read-pod-run.ts';
import type { DemoStep } from '../views/view.ts';
import type { ApiClient } from './api-client.ts';
import type { ReplayFiles } from './files.ts';
import { nothingYet, type ReplayRecord } from './record.ts';
import { reportPods } from './reported-pods.ts';
import { reportedNamespace, ruleName } from './rules.ts';
import { failedStep, mendedStep, progressStep, sendingStep, startedStep } from './texts.ts';

const pollMs = 500;
/** For each thing that is waited for. */
const timeoutSeconds = 45;

export interface PlayReplayInput {
  readonly api: ApiClient;
  readonly files: ReplayFiles;
  readonly podMetricsUrl: string;
  readonly tell: (step: DemoStep) => void;
  /** Told whenever more was seen. */
  readonly onRecord: (record: ReplayRecord) => void;
  readonly signal: AbortSignal;
}

/**
 * Reports pods that a broken rule keeps from being classified, mends the rule and replays what failed; all of it over HTTP.
 * Throws when something does not come.
 */
export async function playReplay({
  api,
  files,
  podMetricsUrl,
  tell,
  onRecord,
  signal,
}: PlayReplayInput): Promise<void> {
  let record = nothingYet;
  const note = (more: Partial<ReplayRecord>) => onRecord((record = { ...record, ...more }));
  const until = createUntil(signal);

  const pods = reportPods(new Date());
  const events = pods.map(({ event }) => event);
  await files.writeEvents(events);
  tell(sendingStep({ url: api.url, files, pods }));
  const workflowIds = accepted(await api.post('/api/v1/pod-events', events));
  note({ sent: pods });
  const readRuns = async (): Promise<ReadonlyMap<string, PodRunView>> => {
    const details = await Promise.all(workflowIds.map((id) => api.get(`/api/v1/runs/${id}`)));
    const views = (details as RunDetails[]).map(({ podLifecycle }) => podLifecycle);
    return new Map(
      pods.flatMap(({ name }, index) => {
        const view = views[index] ?? undefined;
        return view === undefined ? [] : [[name, view]];
      }),
    );
  };

  await until('the reported pods to fail', async () => {
    const runs = await readRuns();
    const failing = new Map([...runs].filter(([, { failures }]) => failures.count > 0));
    note({ failing });
    return failing.size === pods.length;
  });
  // A replay finds its runs in Temporal's list of runs, which is a moment behind.
  await until('the failed runs to be listed', async () => {
    const path = `/api/v1/runs?namespace=${reportedNamespace}&state=classification-failed&limit=100`;
    const { items } = (await api.get(path)) as { readonly items: readonly { readonly workflowId: string }[] };
    return workflowIds.every((id) => items.some(({ workflowId }) => workflowId === id));
  });
  tell(failedStep(record.failing, files.rules));

  const mendedMs = Date.now();
  await files.mendRules();
  await until('the pod worker to take the mended rules', async () => (await rulesLoaded(podMetricsUrl)) > 1);
  tell(mendedStep({ rulesFile: files.rules, seconds: (Date.now() - mendedMs) / 1000 }));

  const replayId = `demo-${randomUUID()}`;
  const started = await api.post(
    '/api/v1/classifications/replay',
    { filter: { namespace: reportedNamespace, rule: ruleName }, reason: 'the demo mended the rule' },
    { 'idempotency-key': replayId },
  );
  tell(startedStep({ url: api.url, replayId, runUrl: (started as { url: string }).url, tokenFile: files.token }));
  let tried = -1;
  await until('the replay to end', async () => {
    const replay = (await api.get(`/api/v1/classifications/replay/${replayId}`)) as ReplayDetails;
    const { progress, failure } = replay;
    if (progress === null)
      throw new Error(`The replay ${replayId} could not begin: ${failure?.message ?? 'nobody says why'}`);
    const seen = { ...replay, progress };
    note({ replay: seen });
    const ended = progress.state !== 'running';
    if (progress.tried !== tried || ended) tell(progressStep(seen));
    ({ tried } = progress);
    return ended;
  });
  note({ afterwards: await readRuns() });
}

/** The ids of the runs that have the events; throws when one was refused. */
function accepted(answer: unknown): readonly string[] {
  const { items } = answer as { readonly items: readonly { readonly status: number; readonly workflowId?: string }[] };
  return items.map((item) => {
    if (item.workflowId === undefined) throw new Error(`The webhook refused an event: ${JSON.stringify(item)}`);
    return item.workflowId;
  });
}

/** How often the pod worker has taken a rules file, by its own metrics. */
async function rulesLoaded(metricsUrl: string): Promise<number> {
  const text = await (await fetch(metricsUrl)).text();
  return Number(/^podkeeper_rules_loads_total\{result="loaded"\} (\d+)/m.exec(text)?.[1] ?? 0);
}

/** Asks until it is so. A busy server may fail to answer a question; only the last failure counts, when time is up. */
function createUntil(signal: AbortSignal) {
  return async (what: string, condition: () => Promise<boolean>): Promise<void> => {
    const deadline = Date.now() + timeoutSeconds * 1000;
    for (;;) {
      const answer = await condition().catch((error: unknown) => error);
      if (answer === true) return;
      signal.throwIfAborted();
      if (Date.now() > deadline) {
        const why = answer instanceof Error ? `: ${answer.message}` : '';
        throw new Error(`waited ${timeoutSeconds} s for ${what}${why}`);
      }
      await sleep(pollMs, undefined, { signal });
    }
  };
}
