import { randomUUID } from 'node:crypto';
import { startReplay } from '../../../../../triggers/replay/start-replay.ts';
import type { ContractCase } from '../../../../helpers/http/contract-case.ts';
import type { HttpCall, HttpRig } from '../../../../helpers/http/http-rig.ts';
import { withPodWorker } from '../../../../helpers/http/with-pod-worker.ts';

const root = '/api/v1/classifications/replay';
const start = 'startReplay';
const show = 'getReplay';
const cancel = 'cancelReplay';

const nothing = { filter: { pod: 'nobody' }, dryRun: true };
const post = (rig: HttpRig, parts: Partial<HttpCall>) => rig.call({ method: 'POST', path: root, ...parts });
const keyed = (key: string) => ({ 'idempotency-key': key });

async function startedReplay(rig: HttpRig): Promise<string> {
  const requestId = randomUUID();
  await startReplay({
    workflow: rig.client.workflow,
    cluster: rig.cluster,
    requestId,
    filter: { select: 'failed', pod: 'nobody' },
    dryRun: true,
    reason: '',
  });
  return requestId;
}

export const cases: readonly ContractCase[] = [
  { operationId: start, status: 202, run: (rig) => post(rig, { body: nothing }) },
  {
    operationId: start,
    status: 202,
    name: 'again',
    run: async (rig) => {
      const headers = keyed(randomUUID());
      await post(rig, { body: nothing, headers });
      return post(rig, { body: nothing, headers });
    },
  },
  { operationId: start, status: 400, run: (rig) => post(rig, { body: nothing, headers: keyed('/') }) },
  {
    operationId: start,
    status: 409,
    run: async (rig) => post(rig, { body: nothing, headers: keyed(await startedReplay(rig)) }),
  },
  { operationId: start, status: 413, run: (rig) => post(rig, { body: { reason: 'a'.repeat(1024 * 1024) } }) },
  {
    operationId: start,
    status: 415,
    run: (rig) => post(rig, { rawBody: 'a', headers: { 'content-type': 'text/plain' } }),
  },
  { operationId: start, status: 422, name: 'input', run: (rig) => post(rig, { body: { nothing: 1 } }) },
  {
    operationId: start,
    status: 422,
    name: 'another body',
    run: async (rig) => {
      const headers = keyed(randomUUID());
      await post(rig, { body: nothing, headers });
      return post(rig, { body: { ...nothing, reason: 'another' }, headers });
    },
  },
  { operationId: start, status: 503, run: async (rig) => post(await rig.withoutTemporal(), { body: nothing }) },
  {
    operationId: show,
    status: 200,
    run: async (rig) => {
      const replayId = await startedReplay(rig);
      return withPodWorker(rig, () => rig.call({ path: `${root}/${replayId}` }));
    },
  },
  { operationId: show, status: 400, run: (rig) => rig.call({ path: `${root}/a%20b` }) },
  { operationId: show, status: 404, run: (rig) => rig.call({ path: `${root}/nobody` }) },
  {
    operationId: show,
    status: 503,
    run: async (rig) => (await rig.withoutTemporal()).call({ path: `${root}/nobody` }),
  },
  {
    operationId: cancel,
    status: 202,
    run: async (rig) => rig.call({ method: 'DELETE', path: `${root}/${await startedReplay(rig)}` }),
  },
  { operationId: cancel, status: 400, run: (rig) => rig.call({ method: 'DELETE', path: `${root}/a%20b` }) },
  { operationId: cancel, status: 404, run: (rig) => rig.call({ method: 'DELETE', path: `${root}/nobody` }) },
  {
    operationId: cancel,
    status: 503,
    run: async (rig) => (await rig.withoutTemporal()).call({ method: 'DELETE', path: `${root}/nobody` }),
  },
];
