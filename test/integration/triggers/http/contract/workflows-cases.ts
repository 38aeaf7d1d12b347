import { randomUUID } from 'node:crypto';
import type { ContractCase } from '../../../../helpers/http/contract-case.ts';
import type { HttpCall, HttpRig } from '../../../../helpers/http/http-rig.ts';
import { buildPod } from '../../../../helpers/pods.ts';
import { freshPod } from '../../../../helpers/workflows/pod-runs.ts';

interface StartOperation {
  readonly operationId: string;
  readonly type: string;
  /** Of a run that nothing else has. */
  readonly newBody: () => object;
  /** Another body for the same run id. */
  readonly change: (body: object) => object;
  /** A run whose id the body decides, so that another request can hold it. */
  readonly naturalId: boolean;
}

const operations: readonly StartOperation[] = [
  {
    operationId: 'startReplayClassifications',
    type: 'replayClassifications',
    newBody: () => ({ dryRun: true, filter: { pod: 'nobody' } }),
    change: (body) => ({ ...body, reason: 'another' }),
    naturalId: false,
  },
  {
    operationId: 'startWatchPods',
    type: 'watchPods',
    newBody: () => ({ scope: { scopeName: `s-${randomUUID().slice(0, 8)}` } }),
    change: (body) => ({ ...body, coalesceMs: 1 }),
    naturalId: true,
  },
  {
    operationId: 'startPodLifecycle',
    type: 'podLifecycle',
    newBody() {
      const { name, uid } = freshPod();
      return { item: buildPod({ name, uid }) };
    },
    change: (body) => ({ item: { ...(body as { item: object }).item, status: { phase: 'Failed' } } }),
    naturalId: true,
  },
];

const casesOf = ({ operationId, type, newBody, change, naturalId }: StartOperation): ContractCase[] => {
  const start = (rig: HttpRig, parts: Partial<HttpCall>) =>
    rig.call({ method: 'POST', path: `/api/v1/workflows/${type}`, ...parts });
  const twice = async (rig: HttpRig, next: (body: object) => object, keys: 'one key' | 'two keys') => {
    const [body, key] = [newBody(), randomUUID()];
    await start(rig, { body, headers: { 'idempotency-key': key } });
    const second = keys === 'one key' ? key : randomUUID();
    return start(rig, { body: next(body), headers: { 'idempotency-key': second } });
  };
  const json = { 'content-type': 'application/json' };
  return [
    { operationId, status: 201, run: (rig) => start(rig, { body: newBody() }) },
    { operationId, status: 200, run: (rig) => twice(rig, (body) => body, 'one key') },
    {
      operationId,
      status: 400,
      name: 'key',
      run: (rig) => start(rig, { body: {}, headers: { 'idempotency-key': '/' } }),
    },
    { operationId, status: 400, name: 'JSON', run: (rig) => start(rig, { rawBody: '{', headers: json }) },
    ...(naturalId ? [{ operationId, status: 409, run: (rig: HttpRig) => twice(rig, (body) => body, 'two keys') }] : []),
    { operationId, status: 413, run: (rig) => start(rig, { body: { a: 'a'.repeat(1024 * 1024) } }) },
    { operationId, status: 415, run: (rig) => start(rig, { rawBody: 'a', headers: { 'content-type': 'text/plain' } }) },
    { operationId, status: 422, name: 'input', run: (rig) => start(rig, { body: { nothing: 1 } }) },
    { operationId, status: 422, name: 'another body', run: (rig) => twice(rig, change, 'one key') },
    { operationId, status: 503, run: async (rig) => start(await rig.withoutTemporal(), { body: newBody() }) },
  ];
};

/** Runs that something else than the API started hold their ids too. */
const foreignReplay: ContractCase = {
  operationId: 'startReplayClassifications',
  status: 409,
  async run(rig) {
    const key = randomUUID();
    const call = { method: 'POST', path: '/api/v1/workflows/replayClassifications', body: {} };
    await rig.client.workflow.start('replayClassifications', {
      workflowId: `replay/${rig.cluster}/${key}`,
      taskQueue: 'nobody',
      args: [],
    });
    return rig.call({ ...call, headers: { 'idempotency-key': key } });
  },
};

export const cases: readonly ContractCase[] = [...operations.flatMap(casesOf), foreignReplay];
