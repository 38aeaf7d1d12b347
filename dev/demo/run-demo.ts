import { connectTemporalClient } from '../../platform/temporal/connect.ts';
import { createLogger } from '../../platform/logger.ts';
import { type RunningEnvironment, up } from '../environment/up.ts';
import { createKubernetesApi } from '../kubernetes/api.ts';
import { reportToStderr as report, withProgress } from '../shared/report.ts';
import { acts as allActs } from './acts.ts';
import { createCleanup } from './cleanup.ts';
import { follow } from './follow.ts';
import { createRunReader, listPodRuns } from './runs.ts';
import { simulatedActs } from './simulated-acts.ts';
import { openStage } from './stage.ts';
import { exploring, introduction, keeping } from './texts.ts';
import { untilWatching } from './until-watching.ts';
import { createView } from './views/create-view.ts';
import type { Conclusion } from './views/view.ts';
import { startWorkers } from './workers.ts';

/** The demo's environment, cluster and namespace are all called so. */
const demo = 'demo';

export interface DemoOptions {
  /** End when everything was seen, or should have been. */
  readonly exit: boolean;
  /** Leave the servers running. */
  readonly keep: boolean;
  /** Use simulated nodes even where a real one can run. */
  readonly simulated: boolean;
  readonly output: 'table' | 'json';
}

/**
 * The whole main job on local servers: brings them up, starts both workers, lets pods crash and finish, and shows what
 * their runs tell. Returns the exit code: 0 everything caused was seen, 1 not, 130 interrupted before that was known.
 */
export async function runDemo(options: DemoOptions): Promise<number> {
  const interrupted = new AbortController();
  const interrupt = () => {
    interrupted.abort(new Error('interrupted'));
  };
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt);
  const cleanup = createCleanup();
  try {
    const conclusion = await play({ options, signal: interrupted.signal, cleanup });
    if (conclusion === null) return 130;
    return conclusion.ok ? 0 : 1;
  } catch (error) {
    if (interrupted.signal.aborted) return 130;
    throw error;
  } finally {
    report(`${interrupted.signal.aborted ? '\n' : ''}Stopping what was started …`);
    await withProgress({ what: 'stopping', report, work: () => cleanup.run() });
    if (options.keep) report(keeping(demo));
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
  }
}

interface PlayInput {
  readonly options: DemoOptions;
  readonly signal: AbortSignal;
  readonly cleanup: ReturnType<typeof createCleanup>;
}

async function play({ options, signal, cleanup }: PlayInput): Promise<Conclusion | null> {
  const environment = await bringUp(options, signal);
  if (!options.keep) cleanup.add(environment.stop);
  const { state } = environment;
  if (state.temporal === null || state.kubeconfig === null) {
    throw new Error(
      `The environment "${demo}" that runs already has no Temporal or no Kubernetes: run "podkeeper dev down --name ${demo}".`,
    );
  }
  const sinceMs = Date.now();
  const workers = await startWorkers({ environment, cluster: demo, env: process.env });
  cleanup.add(workers.stop);

  const acts = state.node === 'real' ? allActs : simulatedActs(allActs);
  const skipped = allActs.filter(({ pods }) => !acts.some((act) => act.pods === pods));
  const view = createView(options.output, {
    node: state.node,
    reason: state.reason,
    temporalUiUrl: state.temporal.uiUrl,
    skipped: skipped.map(({ scenario }) => scenario.name),
  });
  view.tell(introduction({ state, acts, skipped, namespace: demo }));

  const [api, client] = await Promise.all([createKubernetesApi(state.kubeconfig), connect(state.temporal, signal)]);
  cleanup.add(() => client.connection.close());
  cleanup.add(api.close);
  const watch = new AbortController();
  cleanup.add(() => watch.abort());
  const [stage] = await Promise.all([
    openStage({ api, namespace: demo, signal: AbortSignal.any([signal, watch.signal]) }),
    withProgress({
      what: 'starting the workers and the watch',
      report,
      work: async () => {
        await workers.untilReady();
        await untilWatching({ client, cluster: demo, sinceMs, signal });
      },
    }),
  ]);
  const place = { client, cluster: demo, namespace: demo, temporal: state.temporal };
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
      view.tell(exploring({ environment: demo, namespace: demo, logs: workers.logs, runs: linksOf(conclusion) }));
      return true;
    },
  });
  const conclusion = await Promise.race([following, workers.failure, stage.watching.then(() => following)]);
  // The summary is the last thing a machine reads, so it waits for the end of a demo that stays.
  if (conclusion !== null && !options.exit && options.output === 'json') view.conclude(conclusion);
  return conclusion;
}

async function bringUp({ simulated, keep }: DemoOptions, signal: AbortSignal): Promise<RunningEnvironment> {
  report('Bringing up Temporal, Kubernetes and Redis on this machine (seconds; the very first time about 11 minutes).');
  const environment = await up({
    name: demo,
    lifetime: keep ? 'kept' : 'owned',
    options: { kubernetes: simulated ? 'simulated' : 'real' },
    report,
    env: process.env,
    signal,
  });
  if (!environment.started) report(`The environment "${demo}" runs already: it is used, and left running.`);
  return environment;
}

function connect(server: { readonly address: string; readonly namespace: string }, signal: AbortSignal) {
  const logger = createLogger({ level: 'silent', name: demo });
  return connectTemporalClient({ server, connectTimeoutSeconds: 15, logger, signal });
}

function linksOf({ runs }: Conclusion) {
  return runs.map(({ pod, url }) => ({ pod, url })).sort((one, other) => one.pod.localeCompare(other.pod));
}
