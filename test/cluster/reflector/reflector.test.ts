import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { type Completeness, checkCompleteness } from '../../helpers/kubernetes/check-completeness.ts';
import { type Following, follow } from '../../helpers/kubernetes/follow.ts';
import { type SeededRandom, seededRandom, testSeed } from '../../helpers/seeded-random.ts';
import { startChurn, writeLast } from './churn.ts';
import { type ReflectorCluster, namespace, withReflectorCluster } from './cluster.ts';

const seed = testSeed();
const timeoutMs = 120_000;
const backoff = { firstMs: 100, maxMs: 1000, slowMs: 1000 };

/** Follows the pods while they churn and `disturb` is at work, and compares what was said with what etcd has. */
async function followThrough(
  cluster: ReflectorCluster,
  disturb: (following: Following, random: SeededRandom) => Promise<void>,
): Promise<Completeness> {
  const { access, witness, proxiedKubeconfig } = cluster;
  const random = seededRandom(seed);
  const path = `/api/v1/namespaces/${namespace}/pods`;
  const churn = startChurn({ access, random });
  const following = await follow(proxiedKubeconfig, { path, backoff, queueLimit: 50, pageSize: 7 });
  try {
    await following.until((events) => events.length > 50);
    await disturb(following, random);
    await sleep(500);
  } finally {
    await churn.stop();
  }
  const last = await writeLast(access);
  await following.until((events) => events.some((event) => 'uid' in event && event.uid === last.uid));
  while (!witness.writes(namespace).some(({ version }) => version === last.version)) await sleep(10);
  await following.stop();
  return checkCompleteness(witness.writes(namespace), following.events, last.version);
}

const faultless = { missing: [], invented: [], wrongStates: [] };

describe(`a reflector at a real API server, while pods churn (PODKEEPER_TEST_SEED=${seed})`, () => {
  it(
    'emits every write once, though its connections are reset again and again',
    () =>
      withReflectorCluster(async (cluster) => {
        const result = await followThrough(cluster, async (_, random) => {
          for (let cut = 0; cut < 12; cut++) {
            await sleep(random.between(50, 500));
            cluster.proxy.cut();
          }
        });
        expect(result).toMatchObject({ ...faultless, gaps: 0 });
        expect(result.compared).toBeGreaterThan(50);
      }),
    timeoutMs,
  );

  it(
    'emits every write outside of its gaps once, though the API server is killed; the gaps are made good',
    () =>
      withReflectorCluster(async (cluster) => {
        const result = await followThrough(cluster, async (_, random) => {
          for (let kill = 0; kill < 2; kill++) {
            await sleep(random.between(200, 1500));
            await cluster.environment.kill('kube-apiserver');
            await sleep(random.between(0, 500));
            await cluster.environment.start('kube-apiserver');
          }
          await sleep(1000);
        });
        expect(result).toMatchObject(faultless);
        expect(result.compared).toBeGreaterThan(50);
      }),
    timeoutMs,
  );

  it(
    'finds a 410 behind a restart, tells of the gap, and infers the deletes nobody saw',
    () =>
      withReflectorCluster(async (cluster) => {
        let inferred = 0;
        let reasons: string[] = [];
        const result = await followThrough(cluster, async (following) => {
          cluster.proxy.refuse();
          const before = following.events.length;
          await sleep(1500);
          // Its cache begins at the newest version: what the reflector has not seen is no longer to be had.
          await cluster.environment.restart('kube-apiserver');
          await sleep(500);
          await cluster.proxy.accept();
          await following.until((events) => events.slice(before).some(({ kind }) => kind === 'relisted'));
          const since = following.events.slice(before);
          inferred = since.filter((event) => event.kind === 'deleted' && event.inferred).length;
          reasons = since.flatMap((event) => (event.kind === 'gap' ? [event.reason] : []));
        });
        expect(reasons).toEqual(['expired']);
        expect(inferred).toBeGreaterThan(0);
        expect(result).toMatchObject({ ...faultless, gaps: 1 });
        expect(result.compared).toBeGreaterThan(50);
      }),
    timeoutMs,
  );
});
