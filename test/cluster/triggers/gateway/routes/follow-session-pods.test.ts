import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { sharedEnvironment, withEnvironment } from '../../../../helpers/environment.ts';
import { key, type RoutesCluster, startRoutesCluster } from './routes-cluster.ts';

const timeoutMs = 60_000;

/** A pod that is there and ready; answers it once it is routed to. */
async function serve(cluster: RoutesCluster, incarnation: number, podIP: string) {
  const pod = await cluster.create(incarnation);
  await cluster.run(pod.name, { phase: 'Running', podIP });
  await cluster.markReady(pod, incarnation);
  await cluster.until(() => cluster.table.find(key)?.podUid === pod.uid);
  return pod;
}

describe('routes, from session pods on a real API server', () => {
  let cluster: RoutesCluster;
  beforeEach(async () => {
    cluster = await startRoutesCluster(await sharedEnvironment());
    await cluster.until(() => cluster.table.notReady() === undefined);
  }, timeoutMs);
  afterEach(() => cluster.close(), timeoutMs);

  it(
    'begin when a pod runs and was marked ready, and end with its deletion, not when that is done',
    async () => {
      const { table } = cluster;
      const pod = await cluster.create(7, { finalizers: ['test.podkeeper.dev/hold'] });
      await cluster.run(pod.name, { phase: 'Running', podIP: '127.99.0.7' });
      const waiting = table.next(key, 0, AbortSignal.timeout(timeoutMs));
      expect(table.find(key)).toBeUndefined();
      await cluster.markReady(pod, 7);
      const route = await waiting;
      expect(route).toMatchObject({ podUid: pod.uid, podName: pod.name, address: '127.99.0.7', port: 8080, kid: 'k1' });
      expect(table.mayTrustAddress(route!)).toBe(true);
      await cluster.remove(pod);
      await cluster.until(() => table.find(key) === undefined);
      expect(table.sizes().pods).toBe(1);
      expect(table.offer({ ...route!, version: '' })).toBeUndefined();
      await cluster.letGo(pod.name);
      await cluster.until(() => table.sizes().pods === 0);
      expect(table.offer({ ...route!, version: '' })).toBeUndefined();
    },
    timeoutMs,
  );

  it(
    'go to the next pod as soon as there is one, and to a new pod of the same name',
    async () => {
      const { table, metrics } = cluster;
      const first = await serve(cluster, 7, '127.99.0.7');
      const next = await cluster.create(8);
      await cluster.until(() => table.find(key) === undefined);
      await cluster.run(next.name, { phase: 'Running', podIP: '127.99.0.7' });
      await cluster.markReady(next, 8);
      await cluster.until(() => table.find(key)?.podUid === next.uid);
      expect(table.mayTrustAddress(table.find(key)!)).toBe(false);
      await cluster.remove(first);
      await cluster.until(() => table.mayTrustAddress(table.find(key)!));
      expect((await metrics.sessionPodsActive.get()).values[0]?.value).toBe(1);
      await cluster.remove(next);
      const again = await serve(cluster, 8, '127.99.0.9');
      expect(again.uid).not.toBe(next.uid);
    },
    timeoutMs,
  );

  it(
    'end when the container dies',
    async () => {
      const pod = await serve(cluster, 7, '127.99.0.7');
      await cluster.run(pod.name, { phase: 'Failed', podIP: '127.99.0.7' });
      await cluster.until(() => cluster.table.find(key) === undefined);
    },
    timeoutMs,
  );

  it(
    'are kept while the API server can not be reached, and are right when it can',
    async () => {
      const { table, proxy } = cluster;
      const first = await serve(cluster, 7, '127.99.0.7');
      proxy.refuse();
      await cluster.remove(first);
      const next = await cluster.create(8);
      await cluster.run(next.name, { phase: 'Running', podIP: '127.99.0.8' });
      await cluster.markReady(next, 8);
      expect(table.find(key)?.podUid).toBe(first.uid);
      await proxy.accept();
      await cluster.until(() => table.find(key)?.podUid === next.uid);
      expect(table.offer({ ...table.find(key)!, podUid: first.uid, incarnation: 7 })?.podUid).toBe(next.uid);
    },
    timeoutMs,
  );
});

it(
  'routes to pods whose deletion nobody saw end with the list that makes good a lost stretch of history (410)',
  async () => {
    const options = { kubernetes: 'control-plane', temporal: false, redis: false } as const;
    await withEnvironment(options, async (environment) => {
      const cluster = await startRoutesCluster(environment);
      const { table, proxy, metrics } = cluster;
      const first = await serve(cluster, 7, '127.99.0.7');
      const other = 'b'.repeat(26);
      const kept = await cluster.create(3, { key: other });
      await cluster.run(kept.name, { phase: 'Running', podIP: '127.99.0.3' });
      await cluster.markReady(kept, 3);
      await cluster.until(() => table.find(other)?.podUid === kept.uid);
      proxy.refuse();
      await cluster.remove(first);
      // Its cache begins at the newest version: what was not seen is no longer to be had.
      await environment.restart('kube-apiserver');
      await proxy.accept();
      await cluster.until(() => table.find(key) === undefined);
      expect(table.find(other)?.podUid).toBe(kept.uid);
      const relists = (await metrics.watchRelists.get()).values;
      expect(relists.find(({ labels }) => labels.reason === 'expired')?.value).toBe(1);
      await cluster.close();
    });
  },
  3 * timeoutMs,
);
