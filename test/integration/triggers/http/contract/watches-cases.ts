import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ContractCase } from '../../../../helpers/http/contract-case.ts';
import type { HttpRig } from '../../../../helpers/http/http-rig.ts';
import { seedWatch } from '../../../../helpers/http/seed-runs.ts';
import { withPodWorker } from '../../../../helpers/http/with-pod-worker.ts';

const root = '/api/v1/watches';
const list = 'listWatches';
const show = 'getWatch';
const reconfigure = 'reconfigureWatch';

/** A paused watch that nothing else has; nobody need hold it. */
async function pausedWatch(rig: HttpRig): Promise<string> {
  const scope = `s-${randomUUID().slice(0, 8)}`;
  await (await seedWatch(rig, scope)).signal('pause');
  return scope;
}

async function listedWatches(rig: HttpRig): Promise<number> {
  return (await rig.client.workflow.count("WorkflowType = 'watchPods' AND ExecutionStatus = 'Running'")).count;
}

const put = (rig: HttpRig, scope: string, body: unknown) =>
  rig.call({ method: 'PUT', path: `${root}/${scope}/configuration`, body });

const actionCases = ['pause', 'resume', 'stop'].flatMap((action): ContractCase[] => {
  const operationId = `${action}Watch`;
  const post = (rig: HttpRig, scope: string) => rig.call({ method: 'POST', path: `${root}/${scope}/${action}` });
  return [
    { operationId, status: 202, run: async (rig) => post(rig, await pausedWatch(rig)) },
    { operationId, status: 400, run: (rig) => post(rig, 'Not_a_name') },
    { operationId, status: 404, run: (rig) => post(rig, 'nobody') },
    { operationId, status: 503, run: async (rig) => post(await rig.withoutTemporal(), 'nobody') },
  ];
});

export const cases: readonly ContractCase[] = [
  {
    operationId: list,
    status: 200,
    run: async (rig) => {
      await pausedWatch(rig);
      // Visibility lags behind.
      while ((await listedWatches(rig)) === 0) await sleep(300);
      return withPodWorker(rig, () => rig.call({ path: root }));
    },
  },
  { operationId: list, status: 503, run: async (rig) => (await rig.withoutTemporal()).call({ path: root }) },
  {
    operationId: show,
    status: 200,
    run: async (rig) => {
      const scope = await pausedWatch(rig);
      return withPodWorker(rig, () => rig.call({ path: `${root}/${scope}` }));
    },
  },
  { operationId: show, status: 400, run: (rig) => rig.call({ path: `${root}/Not_a_name` }) },
  { operationId: show, status: 404, run: (rig) => rig.call({ path: `${root}/nobody` }) },
  {
    operationId: show,
    status: 503,
    run: async (rig) => {
      const hasty = await rig.withLimits({ requestTimeoutSeconds: 2 });
      return hasty.call({ path: `${root}/${await pausedWatch(rig)}` });
    },
  },
  {
    operationId: reconfigure,
    status: 200,
    run: async (rig) => {
      const scope = await pausedWatch(rig);
      return withPodWorker(rig, () => put(rig, scope, { configuration: { coalesceMs: 7 } }));
    },
  },
  {
    operationId: reconfigure,
    status: 400,
    run: (rig) => put(rig, 'nobody', { configuration: { coalesceMs: -1 } }),
  },
  { operationId: reconfigure, status: 404, run: (rig) => put(rig, 'nobody', { configuration: {} }) },
  {
    operationId: reconfigure,
    status: 409,
    run: async (rig) => {
      const scope = await pausedWatch(rig);
      return withPodWorker(rig, () => put(rig, scope, { configuration: {}, revision: 0 }));
    },
  },
  {
    operationId: reconfigure,
    status: 422,
    run: async (rig) => {
      const scope = await pausedWatch(rig);
      return withPodWorker(rig, () => put(rig, scope, { configuration: { scope: { namespaces: ['A'] } } }));
    },
  },
  {
    operationId: reconfigure,
    status: 503,
    run: async (rig) => put(await rig.withoutTemporal(), 'nobody', { configuration: {} }),
  },
  ...actionCases,
];
