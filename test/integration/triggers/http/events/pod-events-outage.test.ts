import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import { createPodActivities } from '../../../../../activities/pods/index.ts';
import { type PodIdentity, podWorkflowId, replayWorkflowId } from '../../../../../domain/names.ts';
import { noRules } from '../../../../../domain/pods/rules/compiled-rules.ts';
import { taskQueues } from '../../../../../domain/task-queues.ts';
import { createMetrics } from '../../../../../platform/metrics.ts';
import { installTemporalRuntime } from '../../../../../platform/temporal/runtime.ts';
import { createPodkeeperWorker } from '../../../../../platform/temporal/worker.ts';
import { bundleWorkflows } from '../../../../../platform/temporal/workflow-code.ts';
import { withEnvironment } from '../../../../helpers/environment.ts';
import { startHttpProcess } from '../../../../helpers/http/http-process.ts';
import { captureLog } from '../../../../helpers/log-capture.ts';
import { buildPod } from '../../../../helpers/pods.ts';
import { useTemporaryFolders } from '../../../../helpers/temporary-folders.ts';
import { freshPod } from '../../../../helpers/workflows/pod-runs.ts';

const temporaryFolder = useTemporaryFolders();
const cluster = 'test';

/** An add, an update and a delete, with versions for every second pod. */
function lifeOf({ name, uid }: PodIdentity, index: number): object[] {
  return ['add', 'update', 'delete'].map((type, step) => ({
    type,
    item: buildPod({
      name,
      uid,
      phase: step === 0 ? 'Pending' : 'Running',
      metadata: { resourceVersion: index % 2 === 0 ? String(10 + step) : undefined },
    }),
  }));
}

/** A client that sends again what was answered 503, and remembers what it was answered. */
function patientClient(origin: string) {
  const seen: { readonly status: number; readonly retryAfter: string | null }[] = [];
  const post = async (path: string, body: unknown, headers: Record<string, string> = {}) => {
    const response = await fetch(origin + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
    seen.push({ status: response.status, retryAfter: response.headers.get('retry-after') });
    return { status: response.status, json: (await response.json()) as Record<string, unknown> };
  };
  const sendUntilAccepted = async (event: object): Promise<void> => {
    while ((await post('/api/v1/pod-events', event)).status !== 202) await sleep(200);
  };
  return { seen, post, sendUntilAccepted };
}

async function startWorker(address: string) {
  const { logger } = captureLog('warn');
  installTemporalRuntime(logger);
  const connection = await NativeConnection.connect({ address });
  const activities = createPodActivities({
    metrics: createMetrics(),
    rules: () => noRules,
    cluster,
    getPod: () => Promise.resolve(undefined),
  });
  const worker = await createPodkeeperWorker({
    connection,
    namespace: 'default',
    taskQueue: taskQueues.pods,
    activities,
    workflows: { workflowBundle: { code: await bundleWorkflows({ logger }) } },
    shutdownGraceSeconds: 1,
    buildId: '',
    deploymentName: 'test',
  });
  const done = worker.run();
  return async () => {
    worker.shutdown();
    await done;
    await connection.close();
  };
}

describe('the API while Temporal is killed and started again', () => {
  it('answers 503 with Retry-After and takes nothing; what it took is neither lost nor doubled', async () => {
    const temporalDatabase = join(await temporaryFolder(), 'temporal.db');
    await withEnvironment({ temporalDatabase, redis: false, kubernetes: 'none' }, async (environment) => {
      const address = environment.temporalAddress();
      const api = await startHttpProcess({
        TEMPORAL_ADDRESS: address,
        TEMPORAL_NAMESPACE: 'default',
        CLUSTER_NAME: cluster,
        HTTP_REQUEST_TIMEOUT_SECONDS: '2',
        HTTP_REQUESTS_PER_MINUTE: '1000000',
      });
      const { seen, post, sendUntilAccepted } = patientClient(api.origin);
      const pods = Array.from({ length: 30 }, freshPod);
      const lives = pods.map(async (pod, index) => {
        await sleep(index * 50);
        for (const event of lifeOf(pod, index)) await sendUntilAccepted(event);
      });
      while (seen.length < 10) await sleep(20);
      await environment.kill('temporal');
      const replay = { path: '/api/v1/workflows/replayClassifications', key: { 'idempotency-key': randomUUID() } };
      expect((await post(replay.path, {}, replay.key)).status).toBe(503);
      const many = await post(
        '/api/v1/pod-events',
        pods.map((pod, index) => lifeOf(pod, index)[0]),
      );
      expect([many.status, many.json['code']]).toEqual([503, 'temporal_unavailable']);
      await environment.start('temporal');
      await Promise.all(lives);
      const refused = seen.filter(({ status }) => status !== 202);
      expect(refused.length).toBeGreaterThan(2);
      for (const { status, retryAfter } of refused) expect([status, Number(retryAfter) > 0]).toEqual([503, true]);

      expect((await post(replay.path, {}, replay.key)).status).toBe(201);
      expect((await post(replay.path, {}, replay.key)).status).toBe(200);
      expect(await api.end('SIGTERM')).toBe(0);

      const connection = await Connection.connect({ address });
      const { workflow } = new Client({ connection });
      await workflow.getHandle(replayWorkflowId(cluster, replay.key['idempotency-key'])).terminate();
      const stopWorker = await startWorker(address);
      for (const pod of pods) {
        const result: unknown = await workflow.getHandle(podWorkflowId(cluster, pod)).result();
        expect(result).toMatchObject({ operations: { add: 1, update: 1, delete: 1 }, classified: 3, failed: 0 });
      }
      await stopWorker();
      await connection.close();
    });
  }, 240_000);
});
