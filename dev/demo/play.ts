import { randomBytes } from 'node:crypto';
import { dirname } from 'node:path';
import { connectTemporalClient } from '../../platform/temporal/connect.ts';
import { createLogger } from '../../platform/logger.ts';
import type { RunningEnvironment } from '../environment/up.ts';
import { createKubernetesApi } from '../kubernetes/api.ts';
import { reportToStderr as report, withProgress } from '../shared/report.ts';
import { makeNamespace } from '../kubernetes/apply.ts';
import { acts as allActs } from './acts/acts.ts';
import type { createCleanup } from './cleanup.ts';
import { follow } from './follow.ts';
import type { DemoOptions } from './options.ts';
import { startDemoProcesses } from './processes/demo-processes.ts';
import { createReplayFiles } from './replay/files.ts';
import { openApi } from './replay/open-api.ts';
import { createReplayStory } from './replay/replay-story.ts';
import { sessionsNamespace } from './sessions/demo-session.ts';
import { createGatewayClient } from './sessions/gateway-client.ts';
import { writeSigningKeys } from './sessions/session-files.ts';
import { createSessionStory } from './sessions/session-story.ts';
import { createRunReader, listPodRuns } from './runs.ts';
import { simulatedActs } from './acts/simulated-acts.ts';
import { openStage } from './acts/stage.ts';
import { exploring, introduction } from './texts.ts';
import { untilWatching } from './until-watching.ts';
import { createView } from './views/create-view.ts';
import type { Conclusion } from './views/view.ts';

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

/**
 * Starts the processes, plays the acts, and beside them the replay and the session, and shows their runs. Returns null when it was
 * interrupted before its conclusion.
 */
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
  const files = await createReplayFiles(dirname(environment.statePath));
  cleanup.add(files.remove);
  const tokenSecret = randomBytes(48).toString('base64');
  const signingKeysFile = await writeSigningKeys(dirname(environment.statePath));
  const started = { environment, cluster, rulesFile: files.rules, tokenSecret, signingKeysFile, env: process.env };
  const processes = await startDemoProcesses(started);
  cleanup.add(processes.stop);
  const acts = node === 'real' ? allActs : simulatedActs(allActs);
  const skipped = allActs.filter(({ pods }) => !acts.some((act) => act.pods === pods));
  const skippedNames = skipped.map(({ scenario }) => scenario.name);
  const view = createView(options.output, { node, reason, temporalUiUrl: temporal.uiUrl, skipped: skippedNames });
  view.tell(introduction({ state: environment.state, acts, skipped, namespace }));

  const logger = createLogger({ level: 'silent', name: cluster });
  const [kubernetes, client] = await Promise.all([
    createKubernetesApi(kubeconfig),
    connectTemporalClient({ server: temporal, connectTimeoutSeconds: 15, logger, signal }),
  ]);
  cleanup.add(() => client.connection.close());
  cleanup.add(kubernetes.close);
  cleanup.add(() => stop.abort());
  const untilSeeing = async () => {
    await processes.untilReady();
    await Promise.race([untilWatching({ client, cluster, sinceMs, signal }), processes.failure]);
  };
  const [stage] = await Promise.all([
    openStage({ api: kubernetes, namespace, signal }),
    makeNamespace(kubernetes, sessionsNamespace),
    withProgress({ what: 'starting the workers and the watch', report, work: untilSeeing }),
  ]);
  const { api, token } = await openApi({ url: await processes.apiUrl(), tokenSecret, files });
  const gateway = createGatewayClient({ url: await processes.gatewayUrl(), token });
  const place = { client, cluster, namespace, temporal };
  const before = new Set((await listPodRuns(place)).map(({ runId }) => runId));
  const replay = await createReplayStory({
    place: { client, cluster, temporal },
    api,
    files,
    podMetricsUrl: await processes.podMetricsUrl(),
    tell: (step) => view.step(step),
    signal,
  });
  const sessions = createSessionStory({
    ...{ gateway, kubernetes, client, cluster, temporal, signal, tokenFile: files.token },
    tell: (step) => view.step(step),
  });
  const following = follow({
    stories: { replay, sessions },
    acts,
    stage,
    view,
    signal,
    readRuns: createRunReader({ ...place, before }),
    onConclusion: (conclusion) => {
      if (options.exit || options.output === 'table') view.conclude(conclusion);
      if (options.exit) return false;
      const runs = [...conclusion.runs].sort((one, other) => one.pod.localeCompare(other.pod));
      view.tell(
        exploring({
          environment: options.name,
          namespace,
          logs: processes.logs,
          apiUrl: api.url,
          gatewayUrl: gateway.url,
          files,
          runs,
        }),
      );
      return true;
    },
  });
  const conclusion = await Promise.race([following, processes.failure, stage.watching.then(() => following)]);
  // The summary is the last thing a machine reads, so it waits for the end of a demo that stays.
  if (conclusion !== null && !options.exit && options.output === 'json') view.conclude(conclusion);
  return conclusion;
}
