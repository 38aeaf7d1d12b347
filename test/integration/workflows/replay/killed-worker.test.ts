import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { EnvironmentState } from '../../../../dev/environment/state.ts';
import { podWorkflowId, reclassifyWorkflowId } from '../../../../domain/names.ts';
import { quoted } from '../../../../platform/temporal/runs/visibility-query.ts';
import { sharedEnvironment } from '../../../helpers/environment.ts';
import { failingRule } from '../../../helpers/hand-made-rules.ts';
import { useTemporaryFolders } from '../../../helpers/temporary-folders.ts';
import { startWorker, type WorkerChild } from '../../../helpers/worker-child.ts';
import { quickSettings } from '../../../helpers/workflows/pod-runs.ts';
import { eventsOf, startFailedRuns, startTestReplay, untilTried } from '../../../helpers/workflows/replay-runs.ts';
import { startWorkflowServers, type WorkflowServers } from '../../../helpers/workflows/workflow-servers.ts';

const { cluster } = quickSettings;

describe('a replay whose worker is killed', () => {
  const createFolder = useTemporaryFolders();
  let servers: WorkflowServers;
  let state: EnvironmentState;
  let logFolder: string;
  const children: WorkerChild[] = [];
  beforeAll(async () => {
    servers = await startWorkflowServers();
    ({ state } = await sharedEnvironment());
    logFolder = await createFolder();
  }, 60_000);
  afterAll(async () => {
    for (const child of children) await child.end('SIGKILL');
    await servers.close();
  }, 60_000);

  const startChild = async (): Promise<WorkerChild> => {
    const env = { CLUSTER_NAME: cluster, TEMPORAL_NAMESPACE: servers.namespace };
    const child = startWorker({ name: 'pod-worker', state, logFolder, env });
    children.push(child);
    await child.running();
    return child;
  };
  const handleOf = (workflowId: string) => servers.client.workflow.getHandle(workflowId);

  it('is finished by the next one, and no pod is tried twice', async () => {
    const broken = await servers.startPodWorker({ rules: () => failingRule('team-of') });
    const { open, closed } = await startFailedRuns(servers, { namespace: 'killed', open: 12, closed: 8 });
    await broken.stop();
    const first = await startChild();
    const replay = await startTestReplay(servers, {
      filter: { select: 'failed', namespace: 'killed' },
      runsPerSecond: 4,
    });
    const before = await untilTried(replay, 4);
    await first.end('SIGKILL');
    expect(before.tried).toBeLessThan(20);
    expect((await replay.describe()).status.name).toBe('RUNNING');

    const second = await startChild();
    const between = await untilTried(replay, 13);
    await second.end('SIGKILL');
    expect(between.tried).toBeLessThan(20);
    await startChild();
    const result = await replay.result();

    expect(result).toMatchObject({ state: 'completed', tried: 20, counts: { fixed: 20 } });
    const pods = [...open, ...closed].map((pod) => podWorkflowId(cluster, pod));
    expect(result.runs.map(({ workflowId }) => workflowId).sort()).toEqual(pods.sort());
    for (const pod of open) {
      const run = handleOf(podWorkflowId(cluster, pod));
      expect(await eventsOf(run, 'workflowExecutionUpdateAcceptedEventAttributes')).toHaveLength(1);
      expect(await eventsOf(run, 'workflowExecutionUpdateCompletedEventAttributes')).toHaveLength(1);
    }
    const asked = await eventsOf(replay, 'startChildWorkflowExecutionInitiatedEventAttributes');
    expect(asked).toHaveLength(closed.length);
    for (const { uid } of closed) {
      const id = reclassifyWorkflowId(cluster, uid);
      expect((await handleOf(id).describe()).status.name).toBe('COMPLETED');
      expect((await servers.client.workflow.count(`WorkflowId = ${quoted(id)}`)).count).toBe(1);
    }
  }, 180_000);
});
