import { randomBytes } from 'node:crypto';
import { createSessionActivities } from '../../../activities/sessions/index.ts';
import type { SessionActivities } from '../../../activities/sessions/session-activities.ts';
import { sessionImage } from '../../../dev/environment/node/image/session-image.ts';
import { sessionLabels } from '../../../domain/sessions/identity/session-names.ts';
import type { SessionClass } from '../../../domain/sessions/session-class.ts';
import { createPodsClient, type SentPod } from '../../../platform/kubernetes/client/pods.ts';
import { createConnection } from '../../../platform/kubernetes/connection/connection.ts';
import { createMetrics } from '../../../platform/metrics.ts';
import { createRedis } from '../../../platform/redis/redis.ts';
import { createAdmissionStore } from '../../../platform/redis/sessions/admission/admission.ts';
import { createLeaseStore } from '../../../platform/redis/sessions/leases/leases.ts';
import { createSessionLifeStore } from '../../../platform/redis/sessions/life/session-life.ts';
import { sessionKeys } from '../../../platform/redis/sessions/session-keys.ts';
import { createProbe } from '../../../platform/sessions/probe.ts';
import { parseSigningKeys } from '../../../platform/sessions/signing-keys.ts';
import type { TestEnvironment } from '../../helpers/environment.ts';
import { captureLog } from '../../helpers/log-capture.ts';
import { startSessionActivity } from '../../helpers/sessions/start-session-activity.ts';

export const namespace = 'default';

export const plainClass: SessionClass = {
  name: 'plain',
  image: sessionImage,
  port: 8080,
  resources: { requests: { cpu: '10m', memory: '64Mi' }, limits: { cpu: '500m', memory: '256Mi' } },
  env: {},
  probePath: '/healthz',
  idleTimeoutSeconds: 60,
  maxLifetimeSeconds: 300,
  holdSeconds: 30,
  drainSeconds: 5,
  bodyLimitBytes: 1_048_576,
  identity: 'none',
  openSocketIsActive: true,
  busyPath: '/busy',
  nodeSelector: {},
  tolerations: [],
};

/** The activities on the API server, kubelet and Redis of an environment, under a name of their own in Redis. */
export async function createSessionRig(environment: TestEnvironment) {
  const metrics = createMetrics();
  const { logger, text: logged } = captureLog();
  const connection = await createConnection({ kubeconfigPath: environment.kubeconfig() });
  const { hostname: host, port } = new URL(environment.redisUrl());
  const redis = await createRedis({ host, port: Number(port), password: '', metrics, logger });
  const cluster = `test-${randomBytes(4).toString('hex')}`;
  const keys = sessionKeys(cluster);
  const pods = createPodsClient({ connection, metrics });
  const signingKeys = parseSigningKeys(`k1:${randomBytes(32).toString('base64')}`);
  const admission = createAdmissionStore({ redis, keys });
  /** As a worker does when it starts and no session has a pod yet. */
  const countNone = async (): Promise<void> => {
    const epoch = await admission.epoch();
    if (!epoch.ok || !(await admission.rebuild(epoch.value, [])).ok) throw new Error('Redis did not answer');
  };
  await countNone();
  const { probe, close: closeProbe } = createProbe();
  const activities = createSessionActivities({
    cluster,
    pods,
    life: createSessionLifeStore({ redis, keys }),
    admission,
    maxSessions: 100,
    metrics,
    signingKeys,
    probe,
    logger,
  });

  /** Runs one activity as a worker would. */
  const run = <Name extends keyof SessionActivities>(
    name: Name,
    input: Parameters<SessionActivities[Name]>[0],
  ): ReturnType<SessionActivities[Name]> => startSessionActivity(activities, name, input).result;

  const used: string[] = [];
  const newSession = () => {
    const key = [...randomBytes(26)].map((byte) => 'abcdefghijklmnopqrstuvwxyz234567'.charAt(byte % 32)).join('');
    used.push(key);
    const ref = { cluster, key, tenantHash: 'tenant' };
    const create = (incarnation: number, changes: Partial<SessionClass> = {}) =>
      run('createSessionPod', {
        ...ref,
        sessionId: 'alice-1',
        ownerHash: 'owner',
        tenant: 'tenant-1',
        namespace,
        incarnation,
        class: { ...plainClass, ...changes },
        runId: 'run-1',
      });
    const list = async () =>
      (await pods.list({ namespace, labelSelector: `${sessionLabels.session}=${key}` })) as readonly SentPod[];
    return { ref, create, list };
  };

  return {
    cluster,
    pods,
    activities,
    admission,
    signingKeys,
    metrics,
    logger,
    run,
    newSession,
    logged,
    leases: createLeaseStore({ redis, keys, bootId: 'gateway-1' }),
    /** As if Redis had run for long; it must have been asked once. */
    ageEpoch: async (): Promise<void> => {
      await redis.run('test', (commands) => commands.hset(keys.epoch, 'since', Date.now() - 3_600_000));
      await countNone();
    },
    close: async (): Promise<void> => {
      for (const key of used) {
        const left = await pods.list({ namespace, labelSelector: `${sessionLabels.session}=${key}` });
        for (const { metadata } of left as readonly SentPod[]) {
          const { name = '', uid = '' } = metadata ?? {};
          await pods.delete({ namespace, name, uid, graceSeconds: 0 });
        }
      }
      redis.close();
      await closeProbe();
      await connection.close();
    },
  };
}

export type SessionRig = Awaited<ReturnType<typeof createSessionRig>>;
