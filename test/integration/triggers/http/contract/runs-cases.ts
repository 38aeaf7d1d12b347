import type { ContractCase } from '../../../../helpers/http/contract-case.ts';
import type { HttpRig } from '../../../../helpers/http/http-rig.ts';
import { seedPod, seedWatch } from '../../../../helpers/http/seed-runs.ts';
import { withPodWorker } from '../../../../helpers/http/with-pod-worker.ts';
import { crashingLife } from '../../../../helpers/pod-changes.ts';
import { freshPod } from '../../../../helpers/workflows/pod-runs.ts';

const list = 'listRuns';
const show = 'getRun';
const path = '/api/v1/runs';

async function crashingRun(rig: HttpRig): Promise<string> {
  const pod = freshPod();
  return (await seedPod(rig, { pod, changes: crashingLife(pod) })).workflowId;
}

export const cases: readonly ContractCase[] = [
  { operationId: list, status: 200, run: (rig) => rig.call({ path, query: { limit: '1' } }) },
  { operationId: list, status: 400, name: 'unknown', run: (rig) => rig.call({ path, query: { cluster: 'other' } }) },
  { operationId: list, status: 400, name: 'cursor', run: (rig) => rig.call({ path, query: { cursor: 'forged' } }) },
  { operationId: list, status: 503, run: async (rig) => (await rig.withoutTemporal()).call({ path }) },
  {
    operationId: show,
    status: 200,
    name: 'pod',
    run: async (rig) => {
      const workflowId = await crashingRun(rig);
      return withPodWorker(rig, () => rig.call({ path: `${path}/${encodeURIComponent(workflowId)}` }));
    },
  },
  {
    operationId: show,
    status: 200,
    name: 'watch',
    run: async (rig) => {
      const handle = await seedWatch(rig, 'contract-run');
      await handle.signal('pause');
      return withPodWorker(rig, () => rig.call({ path: `${path}/${handle.workflowId}` }));
    },
  },
  {
    operationId: show,
    status: 400,
    run: (rig) => rig.call({ path: `${path}/pod/test/a/b/c`, query: { runId: 'latest' } }),
  },
  { operationId: show, status: 404, run: (rig) => rig.call({ path: `${path}/pod/other/a/b/c` }) },
  {
    operationId: show,
    status: 503,
    name: 'no worker',
    run: async (rig) => {
      const hasty = await rig.withLimits({ requestTimeoutSeconds: 2 });
      return hasty.call({ path: `${path}/${await crashingRun(rig)}` });
    },
  },
  {
    operationId: show,
    status: 503,
    name: 'no Temporal',
    run: async (rig) => (await rig.withoutTemporal()).call({ path: `${path}/pod/test/a/b/c` }),
  },
];
