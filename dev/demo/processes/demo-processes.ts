import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { environmentPaths } from '../../environment/folders.ts';
import { markOf, readPlan } from '../../environment/plan.ts';
import { markVariable } from '../../environment/processes/marked-processes.ts';
import { environmentVariables } from '../../environment/shell-exports.ts';
import type { RunningEnvironment } from '../../environment/up.ts';
import { sessionImage } from '../../environment/node/image/session-image.ts';
import { idleTimeoutSeconds, sessionsNamespace } from '../sessions/demo-session.ts';
import { startDemoProcess } from './demo-process.ts';

/** The demo's processes: the workers of pods, watches and sessions, the HTTP API and the gateway. */
export interface DemoProcesses {
  /** Where their logs are. */
  readonly logs: string;
  /** Returns when all are ready; throws with the end of its log when one ends or does not become ready. */
  readonly untilReady: () => Promise<void>;
  /** Rejects when one of them ends before `stop`; never resolves. */
  readonly failure: Promise<never>;
  /** Where the HTTP API listens. */
  readonly apiUrl: () => Promise<string>;
  /** Where the gateway of sessions listens. */
  readonly gatewayUrl: () => Promise<string>;
  /** Where the pod worker serves its metrics. */
  readonly podMetricsUrl: () => Promise<string>;
  readonly stop: () => Promise<void>;
}

export interface DemoProcessesInput {
  readonly environment: RunningEnvironment;
  readonly cluster: string;
  readonly rulesFile: string;
  /** Signs the tokens of the HTTP API and of the gateway. */
  readonly tokenSecret: string;
  /** Of session pods. */
  readonly signingKeysFile: string;
  readonly env: NodeJS.ProcessEnv;
}

/** Starts them against an environment. They carry its mark, so that `dev down` finds them should this process be killed. */
export async function startDemoProcesses(input: DemoProcessesInput): Promise<DemoProcesses> {
  const folder = dirname(input.environment.statePath);
  const { logs, plan: planPath } = environmentPaths(folder);
  mkdirSync(logs, { recursive: true });
  const plan = await readPlan(planPath);
  const common = {
    ...inherited(input.env),
    ...environmentVariables(input.environment),
    ...(plan !== null && { [markVariable]: markOf(plan.id) }),
    CLUSTER_NAME: input.cluster,
    METRICS_HOST: '127.0.0.1',
    METRICS_PORT: '0',
    SHUTDOWN_GRACE_SECONDS: '3',
  };
  const ofSessions = sessionVariables(input);
  const start = (name: string, script: string, own: NodeJS.ProcessEnv = {}) =>
    startDemoProcess({ name, script, logs, env: { ...common, ...own } });
  const pods = start('pod-worker', 'workers/pod-worker.ts', { CLASSIFICATION_RULES_FILE: input.rulesFile });
  const watch = start('watch-worker', 'workers/watch-worker.ts');
  const api = start('http', 'triggers/http/main.ts', {
    HTTP_HOST: '127.0.0.1',
    HTTP_PORT: '0',
    AUTH_TOKEN_SECRET: input.tokenSecret,
  });
  const sessions = start('session-worker', 'workers/session-worker.ts', ofSessions);
  const gateway = start('gateway', 'triggers/gateway/main.ts', {
    ...ofSessions,
    GATEWAY_HOST: '127.0.0.1',
    GATEWAY_PORT: '0',
    SHUTDOWN_DELAY_SECONDS: '0',
    AUTH_TOKEN_SECRET: input.tokenSecret,
  });
  const all = [pods, watch, api, sessions, gateway];
  const failure = Promise.race(all.map(({ ended }) => ended));
  failure.catch(() => undefined);
  return {
    logs,
    failure,
    untilReady: async () => {
      await Promise.race([Promise.all(all.map(({ untilReady }) => untilReady())), failure]);
    },
    apiUrl: async () => `http://127.0.0.1:${await api.portOf('serving the HTTP API')}`,
    gatewayUrl: async () => `http://127.0.0.1:${await gateway.portOf('the gateway takes requests')}`,
    podMetricsUrl: pods.metricsUrl,
    stop: async () => {
      await Promise.all(all.map(({ stop }) => stop()));
    },
  };
}

/** On simulated nodes one stand-in answers for every pod, on a port of its own. */
function sessionVariables({ environment, signingKeysFile }: DemoProcessesInput): NodeJS.ProcessEnv {
  const { standIn } = environment.state;
  return {
    KUBERNETES_NAMESPACE: sessionsNamespace,
    SIGNING_KEYS_FILE: signingKeysFile,
    SESSION_POD_IMAGE: sessionImage,
    IDLE_TIMEOUT_SECONDS: String(idleTimeoutSeconds),
    ...(environment.state.node === 'simulated' && standIn !== null && { SESSION_POD_PORT: String(standIn.port) }),
  };
}

/** Nothing that configures a process: the person's own settings are for another server. */
function inherited(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const names = ['PATH', 'HOME', 'LANG', 'TMPDIR', 'LOG_LEVEL'];
  return Object.fromEntries(names.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])));
}
