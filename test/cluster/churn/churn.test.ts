import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import { killServer, startServer } from '../../../dev/environment/control/control-client.ts';
import { createKubernetesAccess, type KubernetesAccess } from '../../../dev/environment/servers/kubernetes-access.ts';
import { type RunningEnvironment, up } from '../../../dev/environment/up.ts';
import { watchWorkflowId } from '../../../domain/names.ts';
import { watchStatusQuery } from '../../../workflows/watch-pods.messages.ts';
import { type EtcdWitness, witnessPods } from '../../helpers/etcd-witness.ts';
import { seededRandom, testSeed } from '../../helpers/seeded-random.ts';
import { startWorker, type WorkerChild, type WorkerName } from '../../helpers/worker-child.ts';
import { checkRuns, type RunCheck } from './check-runs.ts';
import { churn, createPod, deletePod, insist, namespace } from './churn-pods.ts';

const cluster = 'churn';
const seed = testSeed();

describe(`pods that come and go while workers and servers are killed (PODKEEPER_TEST_SEED=${seed})`, () => {
  let environment: RunningEnvironment;
  let witness: EtcdWitness;
  let access: KubernetesAccess;
  let connection: Connection;
  let client: Client;
  const workers = new Map<string, WorkerChild>();

  const start = (key: string, name: WorkerName): void => {
    const { state, statePath } = environment;
    const logFolder = join(dirname(statePath), 'logs');
    const env = { CLUSTER_NAME: cluster, WATCH_NAMESPACES: namespace, WATCH_INTERVAL_SECONDS: '20' };
    workers.set(key, startWorker({ name, state, logFolder, env }));
  };

  beforeAll(async () => {
    environment = await up({
      name: `churn-${process.pid}`,
      // etcd then holds pods as JSON, which is what the witness reads.
      options: {
        apiServerFlags: ['--storage-media-type=application/json'],
        crashLoopBackOff: 'quick',
        temporalDatabase: join(await mkdtemp(join(tmpdir(), 'podkeeper-churn-')), 'temporal.db'),
      },
      lifetime: 'owned',
      report: () => undefined,
      env: process.env,
    });
    const folder = dirname(environment.statePath);
    const server = new URL(await serverUrl(environment.state.kubeconfig ?? ''));
    access = await createKubernetesAccess(join(folder, 'pki'), server.origin);
    await insist(
      access,
      { path: '/api/v1/namespaces', method: 'POST', body: { metadata: { name: namespace } } },
      [201],
    );
    witness = await witnessPods(environment.statePath);
    connection = await Connection.connect({ address: environment.state.temporal?.address ?? '' });
    client = new Client({ connection });
    start('pods', 'pod-worker');
    start('watch-a', 'watch-worker');
    start('watch-b', 'watch-worker');
    await untilHeld();
  }, 120_000);

  afterAll(async () => {
    for (const worker of workers.values()) await worker.end('SIGKILL');
    await connection.close();
    witness.close();
    await environment.stop();
  }, 60_000);

  const status = () => client.workflow.getHandle(watchWorkflowId(cluster, 'all')).query(watchStatusQuery);

  /** Until the watch follows the cluster: a pod made now would otherwise belong to its first list. */
  const untilHeld = async (): Promise<void> => {
    await until(async () => {
      const { raw } = await client.workflow.getHandle(watchWorkflowId(cluster, 'all')).describe();
      const details = raw.pendingActivities?.[0]?.heartbeatDetails?.payloads?.[0]?.data;
      return details !== undefined && details !== null && /"version":"\d+"/.test(Buffer.from(details).toString());
    }, 60);
  };

  const settled = async (): Promise<RunCheck> => {
    let check: RunCheck | undefined;
    await until(async () => {
      check = await checkRuns({ client, cluster, writes: witness.writes(namespace), gaps: (await status()).gaps });
      return check.faults.length === 0;
    }, 60).catch(() => undefined);
    if (check === undefined) throw new Error('the runs could not be read');
    return check;
  };

  it('misses and invents nothing: one run per pod, each version once, complete operations', async () => {
    const random = seededRandom(seed);
    // A stream of its own: how often the load draws depends on time, and the kills should not.
    const killing = seededRandom(seed + 1);
    const churning = { done: false };
    const kinds = ['simulated', 'simulated', 'steady', 'crash', 'memory'];
    const load = churn({ access, random, prefix: 'pod', count: 100, seconds: 50, kinds }).finally(
      () => (churning.done = true),
    );
    const kills: string[] = [];
    while (!churning.done) {
      await sleep(killing.between(1500, 5000));
      const victim = killing.pick(['watch-a', 'watch-b', 'pods', 'kube-apiserver', 'temporal', 'redis-server']);
      kills.push(victim);
      const worker = workers.get(victim);
      if (worker === undefined) {
        await killServer(environment.statePath, victim);
        await startServer(environment.statePath, victim);
      } else {
        await worker.end('SIGKILL');
        start(victim, worker.name);
        // One thing is down at a time: otherwise a gap would excuse whatever got lost.
        await workers.get(victim)?.running();
      }
    }
    await load;
    await until(() => Promise.resolve(lastWritesAreDeletes(witness)), 60);
    const check = await settled();
    console.info({ seed, kills, ...check });
    expect(check.faults).toEqual([]);
    expect(check.pods).toBe(100);
    expect(kills.length).toBeGreaterThanOrEqual(5);
    expect(check.excusedByGap).toBeLessThan(25);
  }, 300_000);

  it('infers the deletes it could not see in an outage, and records the gap', async () => {
    const names = ['gone-1', 'gone-2', 'gone-3'];
    for (const name of names) await createPod(access, name, 'simulated');
    await sleep(3000);
    const gapsBefore = (await status()).gapCount;
    for (const key of ['watch-a', 'watch-b']) await workers.get(key)!.end('SIGKILL');
    for (const name of names) await deletePod(access, name);
    await createPod(access, 'born-in-gap', 'simulated');
    await until(() => Promise.resolve(names.every((name) => isDeleted(witness, name))), 30);
    // The new server's watch cache begins after these deletes: the old version is answered with 410.
    await killServer(environment.statePath, 'kube-apiserver');
    await startServer(environment.statePath, 'kube-apiserver');
    for (const key of ['watch-a', 'watch-b']) start(key, 'watch-worker');
    await until(async () => (await status()).gapCount > gapsBefore, 60);
    const [gap] = (await status()).gaps.slice(-1);
    expect(gap).toMatchObject({ source: namespace, reason: 'expired' });
    expect(Date.parse(gap!.fromTime)).toBeLessThan(Date.parse(gap!.toTime));
    await deletePod(access, 'born-in-gap');
    const check = await settled();
    expect(check.faults).toEqual([]);
    expect(check.inferredDeletes).toBeGreaterThanOrEqual(names.length);
  }, 180_000);

  it('hands over on SIGTERM without losing a change', async () => {
    for (let round = 0; round < 3; round += 1) {
      await createPod(access, `term-${round}`, 'simulated');
      for (const key of ['watch-a', 'watch-b', 'pods']) {
        const worker = workers.get(key)!;
        await worker.running();
        const ended = worker.end('SIGTERM');
        await deletePod(access, `term-${round}`);
        expect(await ended).toBe(0);
        start(key, worker.name);
      }
    }
    await until(() => Promise.resolve(lastWritesAreDeletes(witness)), 30);
    expect((await settled()).faults).toEqual([]);
  }, 180_000);
});

async function until(condition: () => Promise<boolean>, seconds: number): Promise<void> {
  const deadline = performance.now() + seconds * 1000;
  let failure: unknown;
  while (performance.now() < deadline) {
    try {
      if (await condition()) return;
    } catch (error) {
      failure = error;
    }
    await sleep(500);
  }
  throw new Error(`did not come true within ${seconds} s`, { cause: failure });
}

function isDeleted(witness: EtcdWitness, name: string): boolean {
  return witness.writes(namespace).some((write) => write.name === name && write.deleted);
}

function lastWritesAreDeletes(witness: EtcdWitness): boolean {
  const last = new Map(witness.writes(namespace).map((write) => [write.uid, write.deleted]));
  return [...last.values()].every(Boolean);
}

async function serverUrl(kubeconfig: string): Promise<string> {
  return /server: "?(https:[^"\s]+)/.exec(await readFile(kubeconfig, 'utf8'))?.[1] ?? '';
}
