import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { environmentVariables } from '../../../dev/environment/shell-exports.ts';
import type { RunningEnvironment } from '../../../dev/environment/up.ts';
import { loadConfig } from '../../../platform/config.ts';
import { mintToken } from '../../../platform/auth/mint-token.ts';
import { loadSessionSettings } from '../../../platform/sessions/load-session-settings.ts';
import { createSessionTargets } from '../../../triggers/gateway/api/session-targets.ts';
import { type BenchProcess, startBenchProcess } from '../bench-process.ts';
import type { Way } from '../way.ts';
import { newSigningKeys, startSessionPod } from './session-pod.ts';

const cluster = 'bench';
const namespace = 'default';
const sessionId = 'bench-1';
const subject = 'bench';
const lifetimeSeconds = 3600;

export interface GatewayWayOptions {
  readonly environment: RunningEnvironment;
  /** For its files. */
  readonly folder: string;
  readonly podPort: number;
  /** What the pod is asked for. */
  readonly path: string;
  readonly proxyCore: number;
  readonly podCore: number;
}

/** The session's pod, and the gateway in front of it: token, route, lease and proof as in production. */
export async function startGatewayWay(
  options: GatewayWayOptions,
  onStart: (process: BenchProcess) => void,
): Promise<Way> {
  const { environment, folder, podPort, path, proxyCore, podCore } = options;
  const { kubeconfig, redisUrl } = environment.state;
  if (kubeconfig === null || redisUrl === null) throw new Error('The environment came up without API server or Redis.');
  const keysFile = join(folder, 'session-keys');
  await writeFile(keysFile, newSigningKeys(), { mode: 0o600 });
  const secret = randomBytes(32).toString('hex');
  const env = {
    ...environmentVariables(environment),
    CLUSTER_NAME: cluster,
    KUBERNETES_NAMESPACE: namespace,
    SIGNING_KEYS_FILE: keysFile,
    SESSION_POD_IMAGE: 'local.test/session:1',
    SESSION_POD_PORT: String(podPort),
    AUTH_TOKEN_SECRET: secret,
    GATEWAY_HOST: '127.0.0.1',
    GATEWAY_PORT: '0',
    METRICS_HOST: '127.0.0.1',
    METRICS_PORT: '0',
    SHUTDOWN_DELAY_SECONDS: '0',
    LOG_LEVEL: 'info',
    NODE_ENV: 'production',
  };
  const config = loadConfig(env);
  const { classes, signingKeys } = await loadSessionSettings(config);
  const sessionClass = classes.get('default');
  if (sessionClass === undefined) throw new Error('There is no class "default".');
  const { issuer, audience } = config.auth;
  const caller = { subject, tenant: '', owner: subject, admin: false, classes: null, expiresAtMs: Infinity };
  const target = createSessionTargets(classes).targetOf(caller, sessionId, undefined);
  const pod = { kubeconfig, redisUrl, cluster, namespace, target, class: sessionClass, signingKeys };
  onStart(await startSessionPod({ ...pod, port: podPort, core: podCore }));

  const gateway = startBenchProcess({
    name: 'gateway',
    command: process.execPath,
    args: ['cli/run.js', 'triggers/gateway/main.ts'],
    core: proxyCore,
    env,
  });
  onStart(gateway);
  const port = Number(await gateway.said(/"port":(\d+)[^\n]*"msg":"the gateway takes requests/));
  const key = new TextEncoder().encode(secret);
  const token = await mintToken({ secret: key, issuer, audience, subject, scopes: [], lifetimeSeconds });
  const headers = { Authorization: `Bearer ${token}` };
  return {
    name: 'gateway',
    proxy: gateway,
    target: { port, path: `/api/v1/session/${sessionId}/proxy${path}`, headers },
  };
}
