import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { sessionAnnotations, sessionPodName } from '../../../domain/sessions/identity/session-names.ts';
import { ownerText, sessionPod } from '../../../domain/sessions/pod/session-pod.ts';
import type { SessionClass } from '../../../domain/sessions/session-class.ts';
import { callApi } from '../../../platform/kubernetes/client/call-api.ts';
import { createPodsClient } from '../../../platform/kubernetes/client/pods.ts';
import { createConnection } from '../../../platform/kubernetes/connection/connection.ts';
import { createLogger } from '../../../platform/logger.ts';
import { createMetrics } from '../../../platform/metrics.ts';
import { createRedis } from '../../../platform/redis/redis.ts';
import { createSessionLifeStore } from '../../../platform/redis/sessions/life/session-life.ts';
import { sessionKeys } from '../../../platform/redis/sessions/session-keys.ts';
import type { SigningKeys } from '../../../platform/sessions/signing-keys.ts';
import type { SessionTarget } from '../../../triggers/gateway/session/session-target.ts';
import { type BenchProcess, startBenchProcess } from '../bench-process.ts';

const program = fileURLToPath(new URL('../../../deploy/docker/session-pod/main.mjs', import.meta.url));

export interface SessionPodOptions {
  readonly kubeconfig: string;
  readonly redisUrl: string;
  readonly cluster: string;
  readonly namespace: string;
  readonly target: Pick<SessionTarget, 'key' | 'sessionId' | 'tenantHash' | 'ownerHash'>;
  readonly class: SessionClass;
  readonly signingKeys: SigningKeys;
  readonly port: number;
  readonly core: number;
}

/**
 * A session's pod as a session worker leaves it: the object, ready, and its record in Redis. The program runs on this
 * machine, without a kubelet.
 */
export async function startSessionPod(options: SessionPodOptions): Promise<BenchProcess> {
  const { namespace, target, signingKeys, port, core } = options;
  const incarnation = Date.now();
  const name = sessionPodName(target.key, incarnation);
  const podKey = signingKeys.podKey(name, signingKeys.kid) ?? '';
  const owner = signingKeys.sign(ownerText({ namespace, key: target.key, incarnation }));
  const pod = sessionPod({ ...options, ...target, tenant: '', incarnation, owner, podKey });
  const uid = await createReadyPod(options, pod, incarnation);
  const started = startBenchProcess({
    name: 'session pod',
    command: process.execPath,
    args: [program],
    core,
    env: {
      HOST: '127.0.0.1',
      PORT: String(port),
      SESSION_ID: target.sessionId,
      PODKEEPER_POD_KEY: podKey,
      PODKEEPER_SESSION_KEY: target.key,
      PODKEEPER_INCARNATION: String(incarnation),
      POD_UID: uid,
    },
  });
  await started.listensOn(port);
  await publish(options, { key: target.key, tenantHash: target.tenantHash, incarnation, podUid: uid });
  return started;
}

/** Returns its UID. */
async function createReadyPod(
  { kubeconfig, namespace }: SessionPodOptions,
  pod: ReturnType<typeof sessionPod>,
  incarnation: number,
): Promise<string> {
  const connection = await createConnection({ kubeconfigPath: kubeconfig });
  const dependencies = { connection, metrics: createMetrics() };
  try {
    const pods = createPodsClient(dependencies);
    const { name } = pod.metadata;
    // Nobody is to find a node for it.
    const unscheduled = { ...pod, spec: { ...pod.spec, schedulerName: 'none' } };
    const created = await pods.create({ namespace, name, pod: unscheduled });
    if (created === 'exists') throw new Error(`There is a pod ${name} already.`);
    const uid = created.created.metadata?.uid ?? '';
    const [podIP, startTime] = ['127.0.0.1', new Date().toISOString()];
    await callApi(dependencies, {
      verb: 'patch',
      resource: 'pods',
      path: `/api/v1/namespaces/${namespace}/pods/${name}/status`,
      method: 'PATCH',
      contentType: 'application/merge-patch+json',
      body: { status: { phase: 'Running', podIP, podIPs: [{ ip: podIP }], startTime } },
    });
    const annotations = { [sessionAnnotations.ready]: String(incarnation) };
    await pods.patchMetadata({ namespace, name, uid, metadata: { annotations } });
    return uid;
  } finally {
    await connection.close();
  }
}

async function publish(
  { redisUrl, cluster }: SessionPodOptions,
  served: Parameters<ReturnType<typeof createSessionLifeStore>['publish']>[0],
): Promise<void> {
  const { hostname: host, port } = new URL(redisUrl);
  const logger = createLogger({ level: 'warn', name: 'bench' });
  const redis = await createRedis({ host, port: Number(port), password: '', metrics: createMetrics(), logger });
  try {
    const published = await createSessionLifeStore({ redis, keys: sessionKeys(cluster) }).publish(served);
    if (!published.ok || !published.value) throw new Error('The record of the session could not be written to Redis.');
  } finally {
    redis.close();
  }
}

/** A master key for pods, as text of a file of keys. */
export function newSigningKeys(): string {
  return `bench:${randomBytes(32).toString('base64')}\n`;
}
