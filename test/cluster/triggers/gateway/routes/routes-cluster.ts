import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createKubernetesAccess } from '../../../../../dev/environment/servers/kubernetes-access.ts';
import {
  sessionAnnotations,
  sessionLabels,
  sessionPodName,
} from '../../../../../domain/sessions/identity/session-names.ts';
import { ownerText } from '../../../../../domain/sessions/pod/session-pod.ts';
import { createPodsClient } from '../../../../../platform/kubernetes/client/pods.ts';
import { createConnection } from '../../../../../platform/kubernetes/connection/connection.ts';
import { createMetrics } from '../../../../../platform/metrics.ts';
import { parseSigningKeys } from '../../../../../platform/sessions/signing-keys.ts';
import { createRouteTable } from '../../../../../triggers/gateway/routes/create-route-table.ts';
import { followSessionPods } from '../../../../../triggers/gateway/routes/follow-session-pods.ts';
import type { TestEnvironment } from '../../../../helpers/environment.ts';
import { startCuttingProxy } from '../../../../helpers/kubernetes/cutting-proxy.ts';
import { deriveKubeconfig, serverOf } from '../../../../helpers/kubernetes/derive-kubeconfig.ts';
import { captureLog } from '../../../../helpers/log-capture.ts';

const signingKeys = parseSigningKeys(`k1:${randomBytes(32).toString('base64')}`);
export const key = 'a'.repeat(26);

/**
 * Session pods in a namespace of the test's own, and routes that follow them through a proxy. No node takes the pods: the
 * test writes what a kubelet and a worker would.
 */
export async function startRoutesCluster(environment: TestEnvironment) {
  const namespace = `routes-${randomBytes(4).toString('hex')}`;
  const folder = await mkdtemp(join(tmpdir(), 'podkeeper-routes-'));
  const proxy = await startCuttingProxy(await serverOf(environment.kubeconfig()));
  const proxied = join(folder, 'kubeconfig');
  const from = { from: environment.kubeconfig(), to: proxied, server: `https://127.0.0.1:${proxy.port}` };
  const { origin } = await deriveKubeconfig(from);
  const access = await createKubernetesAccess(join(dirname(environment.statePath), 'pki'), origin);
  await access.create('/api/v1/namespaces', { metadata: { name: namespace } });
  const direct = await createConnection({ kubeconfigPath: environment.kubeconfig() });
  const pods = createPodsClient({ connection: direct, metrics: createMetrics() });

  const metrics = createMetrics();
  const { logger } = captureLog();
  const table = createRouteTable({
    classes: new Set(['plain']),
    signingKeys,
    metrics,
    logger,
    clock: () => performance.now(),
  });
  const connection = await createConnection({ kubeconfigPath: proxied });
  const stop = new AbortController();
  const backoff = { firstMs: 50, maxMs: 500, slowMs: 500 };
  const following = followSessionPods({
    ...{ connection, namespaces: [namespace], table, metrics, logger, backoff },
    signal: stop.signal,
  });

  const path = (name: string) => `/api/v1/namespaces/${namespace}/pods/${name}`;
  const read = async (name: string) => JSON.parse((await access.call({ path: path(name) })).body) as { status: object };
  return {
    table,
    metrics,
    proxy,
    /** Adds a pod; answers its uid. `finalizers` hold it back when it is deleted. */
    async create(incarnation: number, parts: { readonly key?: string; readonly finalizers?: readonly string[] } = {}) {
      const { key: podKey = key, finalizers = [] } = parts;
      const name = sessionPodName(podKey, incarnation);
      const owner = signingKeys.sign(ownerText({ namespace, key: podKey, incarnation }));
      const labels = {
        [sessionLabels.session]: podKey,
        [sessionLabels.incarnation]: String(incarnation),
        [sessionLabels.class]: 'plain',
      };
      const pod = {
        metadata: { name, labels, annotations: { [sessionAnnotations.owner]: owner }, finalizers },
        spec: {
          schedulingGates: [{ name: 'test/never' }],
          automountServiceAccountToken: false,
          containers: [{ name: 'session', image: 'none', ports: [{ name: 'http', containerPort: 8080 }] }],
        },
      };
      const made = await pods.create({ namespace, name, pod });
      if (made === 'exists') throw new Error(`${name} is there already`);
      return { name, uid: made.created.metadata?.uid ?? '' };
    },
    /** What the kubelet writes. */
    async run(name: string, status: { readonly podIP: string; readonly phase: string }) {
      const { podIP } = status;
      const body = { ...(await read(name)), status: { ...status, podIPs: [{ ip: podIP }] } };
      const answer = await access.call({ path: `${path(name)}/status`, method: 'PUT', body });
      if (answer.status !== 200) throw new Error(`status of ${name}: ${answer.body}`);
    },
    /** What the worker writes once its probe was answered. */
    markReady: ({ name, uid }: { readonly name: string; readonly uid: string }, incarnation: number) =>
      pods.patchMetadata({
        ...{ namespace, name, uid },
        metadata: { annotations: { [sessionAnnotations.ready]: String(incarnation) } },
      }),
    remove: ({ name, uid }: { readonly name: string; readonly uid: string }) =>
      pods.delete({ namespace, name, uid, graceSeconds: 0 }),
    /** Lets a pod go that its finalizers hold back. */
    async letGo(name: string) {
      const pod = (await read(name)) as unknown as { metadata: { finalizers?: unknown } };
      delete pod.metadata.finalizers;
      await access.call({ path: path(name), method: 'PUT', body: pod });
    },
    async until(holds: () => boolean | Promise<boolean>): Promise<void> {
      while (!(await holds())) {
        await Promise.race([sleep(20), following.then(() => Promise.reject(new Error('The routes ended')))]);
      }
    },
    async close(): Promise<void> {
      stop.abort();
      await following;
      await connection.close();
      await direct.close();
      proxy.close();
      await access.call({ path: `/api/v1/namespaces/${namespace}`, method: 'DELETE' });
      await rm(folder, { recursive: true });
    },
  };
}

export type RoutesCluster = Awaited<ReturnType<typeof startRoutesCluster>>;
