import type { ContractCase } from '../../../../helpers/http/contract-case.ts';
import type { HttpCall, HttpRig } from '../../../../helpers/http/http-rig.ts';
import { buildPod } from '../../../../helpers/pods.ts';
import { freshPod } from '../../../../helpers/workflows/pod-runs.ts';

const operationId = 'sendPodEvents';

function podEvent() {
  const { name, uid } = freshPod();
  return { type: 'add', item: buildPod({ name, uid }) };
}

const post = (rig: HttpRig, parts: Partial<HttpCall>) =>
  rig.call({ method: 'POST', path: '/api/v1/pod-events', ...parts });

export const cases: readonly ContractCase[] = [
  { operationId, status: 202, name: 'one', run: (rig) => post(rig, { body: { resourceId: 'a', ...podEvent() } }) },
  { operationId, status: 202, name: 'several', run: (rig) => post(rig, { body: [podEvent(), {}, podEvent()] }) },
  {
    operationId,
    status: 400,
    run: (rig) => post(rig, { rawBody: '{"type"', headers: { 'content-type': 'application/json' } }),
  },
  { operationId, status: 413, run: (rig) => post(rig, { body: Array.from({ length: 501 }, podEvent) }) },
  { operationId, status: 415, run: (rig) => post(rig, { rawBody: 'a', headers: { 'content-type': 'text/plain' } }) },
  { operationId, status: 422, run: (rig) => post(rig, { body: { ...podEvent(), type: 'ADDED' } }) },
  {
    operationId,
    status: 503,
    run: async (rig) => post(await rig.withoutTemporal(), { body: podEvent() }),
  },
];
