import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { podWorkflowId, replayWorkflowId } from '../../../../../domain/names.ts';
import { sharedEnvironment } from '../../../../helpers/environment.ts';
import { type HttpProcess, startHttpProcess } from '../../../../helpers/http/http-process.ts';
import { buildPod } from '../../../../helpers/pods.ts';
import { freshPod } from '../../../../helpers/workflows/pod-runs.ts';
import { startWorkflowServers, type WorkflowServers } from '../../../../helpers/workflows/workflow-servers.ts';

interface Started {
  readonly status: number;
  readonly answer: Readonly<Record<string, unknown>>;
}

describe('two processes of the API', () => {
  let servers: WorkflowServers;
  let processes: readonly HttpProcess[];
  beforeAll(async () => {
    servers = await startWorkflowServers();
    const env = {
      TEMPORAL_ADDRESS: (await sharedEnvironment()).temporalAddress(),
      TEMPORAL_NAMESPACE: servers.namespace,
      CLUSTER_NAME: 'test',
      HTTP_REQUESTS_PER_MINUTE: '100000',
    };
    processes = await Promise.all([startHttpProcess(env), startHttpProcess(env)]);
  }, 120_000);
  afterAll(async () => {
    for (const process of processes) expect(await process.end('SIGTERM')).toBe(0);
    await servers.close();
  }, 60_000);

  /** Sends the same request to both processes at once, ten times each. */
  const startTwentyTimes = (type: string, body: object, keyOf: (index: number) => string): Promise<Started[]> =>
    Promise.all(
      Array.from({ length: 20 }, async (_, index) => {
        const { origin } = processes[index % 2]!;
        const response = await fetch(`${origin}/api/v1/workflows/${type}`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', 'idempotency-key': keyOf(index) },
          body: JSON.stringify(body),
        });
        return { status: response.status, answer: (await response.json()) as Started['answer'] };
      }),
    );
  const runsOf = async (workflowId: string) => {
    const runs: string[] = [];
    for (let tries = 0; tries < 100 && runs.length === 0; tries += 1) {
      for await (const { runId } of servers.client.workflow.list({ query: `WorkflowId = '${workflowId}'` })) {
        runs.push(runId);
      }
    }
    return runs;
  };

  it('start one run for one key, and both answer with it', async () => {
    const key = randomUUID();
    const answers = await startTwentyTimes('replayClassifications', { dryRun: true }, () => key);
    expect(answers.map(({ status }) => status).sort()).toEqual([...Array.from({ length: 19 }, () => 200), 201]);
    const workflowId = replayWorkflowId('test', key);
    const [runId] = await runsOf(workflowId);
    for (const { answer } of answers) expect(answer).toMatchObject({ workflowId, runId });
    expect(await runsOf(workflowId)).toHaveLength(1);
    expect(new Set(answers.map(({ answer: { started: _, ...same } }) => JSON.stringify(same))).size).toBe(1);
  }, 120_000);

  it('start one run of a pod, and tell the requests of other keys that it is there', async () => {
    const pod = freshPod();
    const body = { item: buildPod({ name: pod.name, uid: pod.uid }) };
    const keys = [randomUUID(), randomUUID()];
    const answers = await startTwentyTimes('podLifecycle', body, (index) => keys[Math.floor(index / 10)]!);
    const workflowId = podWorkflowId('test', pod);
    expect(await runsOf(workflowId)).toHaveLength(1);
    const statuses = answers.map(({ status }) => status).sort();
    expect(statuses).toEqual([...Array.from({ length: 9 }, () => 200), 201, ...Array.from({ length: 10 }, () => 409)]);
  }, 120_000);
});
