import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { connect } from 'node:net';
import { replayWorkflowId } from '../../../../domain/names.ts';
import { taskQueues } from '../../../../domain/task-queues.ts';
import { startReplay } from '../../../../triggers/replay/start-replay.ts';
import { replayClassificationsType } from '../../../../workflows/replay-classifications.messages.ts';
import { type HttpRig, startHttpRig } from '../../../helpers/http/http-rig.ts';
import { type KnownValues, randomCalls, validCalls } from '../../../helpers/http/random-calls.ts';
import { seedPod, seedWatch, untilListed } from '../../../helpers/http/seed-runs.ts';
import { healthyLife } from '../../../helpers/pod-changes.ts';
import { propertySeed } from '../../../helpers/properties.ts';
import { freshPod } from '../../../helpers/workflows/pod-runs.ts';

let rig: HttpRig;
let known: KnownValues;

beforeAll(async () => {
  rig = await startHttpRig();
  known = await seed(rig);
}, 60_000);

afterAll(async () => {
  await rig.close();
}, 60_000);

describe('whatever is sent', () => {
  test(`no request makes the API fail, and each answer is as documented (seed ${propertySeed})`, async () => {
    const valid = validCalls(rig.document, known);
    const statuses: number[] = [];
    let producedBefore = 0;
    await fc.assert(
      fc.asyncProperty(randomCalls(rig.document, known), async (call) => {
        if (statuses.length === valid.length) producedBefore = rig.produced.length;
        const { status, text } = await rig.call(call);
        statuses.push(status);
        if (status >= 500) throw new Error(`${status} ${text}`);
      }),
      { seed: propertySeed, numRuns: 400 + valid.length, examples: valid.map((call) => [call]) },
    );
    // Requests that never get past the first check would prove little: each operation did its work once, and several did
    // it for a random request.
    const succeeded = (from: number) =>
      new Set(rig.produced.slice(from).flatMap(({ operationId, status }) => (status < 300 ? [operationId] : [])));
    const operations = Object.values(rig.document.paths).flatMap((methods) =>
      Object.values(methods).map(({ operationId }) => operationId),
    );
    expect(operations.filter((operationId) => !succeeded(0).has(operationId))).toEqual([]);
    expect(succeeded(producedBefore).size).toBeGreaterThan(5);
    expect(new Set(statuses).size).toBeGreaterThan(4);
  }, 180_000);

  test(`no bytes make the process fail (seed ${propertySeed})`, async () => {
    const piece = fc.oneof(
      fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
      fc
        .constantFrom(
          'GET ',
          'POST /',
          ' HTTP/1.1\r\n',
          'Host: a\r\n',
          'Content-Length: 5\r\n',
          '\r\n\r\n',
          'CONNECT ',
          '0\r\n',
          'Upgrade: x\r\nConnection: upgrade\r\n',
          'PRI * HTTP/2.0\r\n\r\n',
        )
        .map((text) => Buffer.from(text)),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { minLength: 1, maxLength: 8 }), async (pieces) => {
        const answer = await sendBytes(Buffer.concat(pieces));
        expect(answer === '' || /^HTTP\/1\.1 [24]\d\d /.test(answer)).toBe(true);
      }),
      { seed: propertySeed, numRuns: 150 },
    );
    expect((await rig.call({ path: '/health' })).status).toBe(200);
    expect(rig.log.lines().filter(({ level }) => level === 'error')).toEqual([]);
  }, 120_000);
});

/** Something of every kind that can be asked for; among the replays one that failed and one that was cancelled. */
async function seed(there: HttpRig): Promise<KnownValues> {
  const { client, cluster } = there;
  const pod = freshPod();
  await seedPod(there, { pod, changes: healthyLife(pod).slice(0, 2) });
  for (const scope of ['one', 'two']) await (await seedWatch(there, scope)).signal('pause');
  const replay = {
    workflow: client.workflow,
    cluster,
    filter: { select: 'failed' },
    dryRun: true,
    reason: '',
  } as const;
  for (const requestId of ['done', 'cancelled']) await startReplay({ ...replay, requestId });
  const idOf = (replayId: string) => replayWorkflowId(cluster, replayId);
  await client.workflow.getHandle(idOf('cancelled')).cancel();
  await client.workflow.start(replayClassificationsType, {
    workflowId: idOf('failed'),
    taskQueue: taskQueues.pods,
    args: [{ cluster, filter: { select: 'some' } }],
  });
  await there.servers.startPodWorker();
  await expect(client.workflow.getHandle(idOf('failed')).result()).rejects.toThrow();
  await expect(client.workflow.getHandle(idOf('cancelled')).result()).rejects.toThrow('cancel');
  const { items } = await untilListed(there, {}, 5);
  return {
    replayId: ['done', 'cancelled', 'failed'],
    scope: ['one', 'two'],
    namespace: [pod.namespace],
    name: [pod.name],
    // The failed one was started without search attributes.
    workflowId: [...items.map(({ workflowId }) => workflowId), idOf('failed')],
  };
}

/** What comes back before the server closes or falls silent. */
function sendBytes(bytes: Buffer): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(rig.port, '127.0.0.1');
    let received = '';
    socket.setEncoding('latin1').on('data', (text: string) => (received += text));
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(received));
    socket.end(bytes);
    socket.setTimeout(500, () => socket.destroy());
  });
}
