import { connectTemporalClient } from '../../platform/temporal/connect.ts';
import { createLogger } from '../../platform/logger.ts';
import type { RunningEnvironment } from '../environment/up.ts';
import { createKubernetesApi } from '../kubernetes/api.ts';
import { reportToStderr as report, withProgress } from '../shared/report.ts';
import { acts as allActs } from './acts.ts';
import type { createCleanup } from './cleanup.ts';
import { follow } from './follow.ts';
import type { DemoOptions } from './options.ts';
import { createRunReader, listPodRuns } from './runs.ts';
import { simulatedActs } from './simulated-acts.ts';
import { openStage } from './stage.ts';
import { exploring, introduction } from './texts.ts';
import { untilWatching } from './until-watching.ts';
import { createView } from './views/create-view.ts';
import type { Conclusion } from './views/view.ts';
import { startWorkers } from './workers.ts';

/** The names of the cluster and of the namespace the pods are made in. */
const cluster = 'demo';
const namespace = 'demo';

export interface PlayInput {
  readonly options: DemoOptions;
  readonly environment: RunningEnvironment;
  readonly signal: AbortSignal;
  /** Is given what this starts, as it starts it. */
  readonly cleanup: ReturnType<typeof createCleanup>;
}

/** Starts the workers, plays the acts and shows their runs. Returns null when it was interrupted before its conclusion. */
export async function play({ options, environment, cleanup, ...input }: PlayInput): Promise<Conclusion | null> {
  const { temporal, kubeconfig, node, reason } = environment.state;
  if (temporal === null || kubeconfig === null) {
    throw new Error(
      `The environment "${options.name}" was started without Temporal or Kubernetes: "podkeeper dev down --name ${options.name}" makes room for the demo's own.`,
    );
  }
  const stop = new AbortController();
  const signal = AbortSignal.any([input.signal, stop.signal]);
  const sinceMs = Date.now();
  const workers = await startWorkers({ environment, cluster, env: process.env });
  cleanup.add(workers.stop);
  const acts = node === 'real' ? allActs : simulatedActs(allActs);
  const skipped = allActs.filter(({ pods }) => !acts.some((act) => act.pods === pods));
  const skippedNames = skipped.map(({ scenario }) => scenario.name);
  const view = createView(options.output, { node, reason, temporalUiUrl: temporal.uiUrl, skipped: skippedNames });
  view.tell(introduction({ state: environment.state, acts, skipped, namespace }));

  const logger = createLogger({ level: 'silent', name: cluster });
  const [api, client] = await Promise.all([
    createKubernetesApi(kubeconfig),
    connectTemporalClient({ server: temporal, connectTimeoutSeconds: 15, logger, signal }),
  ]);
  cleanup.add(() => client.connection.close());
  cleanup.add(api.close);
  cleanup.add(() => stop.abort());
  const untilSeeing = async () => {
    await workers.untilReady();
    await Promise.race([untilWatching({ client, cluster, sinceMs, signal }), workers.failure]);
  };
  const [stage] = await Promise.all([
    openStage({ api, namespace, signal }),
    withProgress({ what: 'starting the workers and the watch', report, work: untilSeeing }),
  ]);
  const place = { client, cluster, namespace, temporal };
  const before = new Set((await listPodRuns(place)).map(({ runId }) => runId));
  const following = follow({
    acts,
    stage,
    view,
    signal,
    readRuns: createRunReader({ ...place, before }),
    onConclusion: (conclusion) => {
      if (options.exit || options.output === 'table') view.conclude(conclusion);
      if (options.exit) return false;
      const runs = [...conclusion.runs].sort((one, other) => one.pod.localeCompare(other.pod));
      view.tell(exploring({ environment: options.name, namespace, logs: workers.logs, runs }));
      return true;
    },
  });
  const conclusion = await Promise.race([following, workers.failure, stage.watching.then(() => following)]);
  // The summary is the last thing a machine reads, so it waits for the end of a demo that stays.
  if (conclusion !== null && !options.exit && options.output === 'json') view.conclude(conclusion);
  return conclusion;
}
