import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { environmentVariables } from '../../dev/environment/shell-exports.ts';
import { type RunningEnvironment, up } from '../../dev/environment/up.ts';
import { reportToStderr } from '../../dev/shared/report.ts';
import { mintToken } from '../../platform/auth/mint-token.ts';
import { loadConfig } from '../../platform/config.ts';
import { type BenchProcess, startBenchProcess } from '../gateway/bench-process.ts';
import { newSigningKeys } from '../gateway/ways/session-pod.ts';
import { watchDeletions } from './watch-deletions.ts';

const environmentName = 'bench-idle';
const namespace = 'default';
const requestSeconds = 120;

export interface IdleServers {
  /** One request to a session, repeated while its answer says that this is of use. Throws when it is not answered. */
  readonly request: (id: string) => Promise<{ readonly podUid: string }>;
  /** When a watch saw that the pod is being deleted, in milliseconds since 1970; undefined while it did not. */
  readonly deletedMs: (podUid: string) => number | undefined;
}

/**
 * Starts Temporal, Redis, Kubernetes with a simulated node, a session worker and a gateway of the bench's own; stops them when
 * `use` is done. Throws when a bench is running already.
 */
export async function withSessions<T>(
  { sessions, idleTimeoutSeconds }: { readonly sessions: number; readonly idleTimeoutSeconds: number },
  use: (servers: IdleServers) => Promise<T>,
): Promise<T> {
  const environment = await up({
    name: environmentName,
    options: { temporal: true, redis: true, kubernetes: 'simulated' },
    lifetime: 'owned',
    report: reportToStderr,
    env: process.env,
  });
  if (!environment.started) {
    throw new Error(`The environment "${environmentName}" is in use: two benches at once would measure each other.`);
  }
  const { kubeconfig } = environment.state;
  const folder = await mkdtemp(join(tmpdir(), 'podkeeper-bench-'));
  const processes: BenchProcess[] = [];
  try {
    if (kubeconfig === null) throw new Error('The environment came up without Kubernetes.');
    const env = await writeSettings({ environment, folder, sessions, idleTimeoutSeconds });
    const start = (name: string, entry: string, core: number): BenchProcess => {
      const args = ['cli/run.js', entry];
      const started = startBenchProcess({ name, command: process.execPath, args, core, env });
      processes.unshift(started);
      return started;
    };
    const worker = start('session worker', 'workers/session-worker.ts', 0);
    const gateway = start('gateway', 'triggers/gateway/main.ts', 1);
    await worker.said(/"msg":"(sessions are served)/);
    const port = Number(await gateway.said(/"port":(\d+)[^\n]*"msg":"the gateway takes requests/));
    const watch = await watchDeletions(kubeconfig, namespace);
    try {
      return await use({ request: await createRequest(env, port), deletedMs: watch.deletedMs });
    } finally {
      await watch.close();
    }
  } finally {
    for (const { stop } of processes) await stop();
    await environment.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** The settings of worker and gateway, as variables. */
async function writeSettings(input: {
  readonly environment: RunningEnvironment;
  readonly folder: string;
  readonly sessions: number;
  readonly idleTimeoutSeconds: number;
}) {
  const { environment, folder, sessions, idleTimeoutSeconds } = input;
  const { standIn } = environment.state;
  if (standIn === null) throw new Error('The environment came up without a stand-in for pods on simulated nodes.');
  const classesFile = join(folder, 'session-classes.yaml');
  const sessionClass = {
    image: 'local.test/session:1',
    port: standIn.port,
    probePath: '/healthz',
    idleTimeoutSeconds,
    identity: 'native',
    nodeSelector: { type: 'kwok' },
    tolerations: [{ key: 'kwok.x-k8s.io/node', operator: 'Exists', effect: 'NoSchedule' }],
  };
  await writeFile(classesFile, JSON.stringify({ version: 1, classes: { default: sessionClass } }));
  const keysFile = join(folder, 'session-keys');
  await writeFile(keysFile, newSigningKeys(), { mode: 0o600 });
  return {
    ...environmentVariables(environment),
    CLUSTER_NAME: 'bench',
    KUBERNETES_NAMESPACE: namespace,
    SESSION_CLASSES_FILE: classesFile,
    SIGNING_KEYS_FILE: keysFile,
    MAX_SESSIONS_PER_TENANT: String(sessions),
    AUTH_TOKEN_SECRET: randomBytes(32).toString('hex'),
    GATEWAY_HOST: '127.0.0.1',
    GATEWAY_PORT: '0',
    METRICS_HOST: '127.0.0.1',
    METRICS_PORT: '0',
    SHUTDOWN_DELAY_SECONDS: '0',
    LOG_LEVEL: 'info',
    NODE_ENV: 'development',
  } as const;
}

async function createRequest(
  env: Awaited<ReturnType<typeof writeSettings>>,
  port: number,
): Promise<IdleServers['request']> {
  const { issuer, audience } = loadConfig(env).auth;
  const secret = new TextEncoder().encode(env.AUTH_TOKEN_SECRET);
  const token = await mintToken({ secret, issuer, audience, subject: 'bench', scopes: [], lifetimeSeconds: 3600 });
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  return async (id) => {
    const url = `http://127.0.0.1:${port}/api/v1/session/${id}/execute`;
    for (const untilMs = Date.now() + requestSeconds * 1000; ;) {
      const response = await fetch(url, { method: 'POST', headers, body: '{}' });
      const answer = (await response.json()) as Answer;
      if (response.ok) return { podUid: answer.pod?.podUid ?? '' };
      const waitMs = Number(response.headers.get('retry-after') ?? 1) * 1000;
      if (answer.retryable !== true || Date.now() + waitMs > untilMs) {
        throw new Error(`A session was answered with ${response.status}: ${JSON.stringify(answer)}`);
      }
      await sleep(waitMs);
    }
  };
}

/** The session pod's, or the gateway's when there is none. */
interface Answer {
  readonly pod?: { readonly podUid?: string };
  readonly retryable?: boolean;
}
