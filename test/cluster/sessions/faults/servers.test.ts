import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { TestEnvironment } from '../../../helpers/environment.ts';
import { openFaultEnvironment } from '../../../helpers/sessions/load/fault-environment.ts';
import { type FaultRig, idleTimeoutSeconds, limit } from '../../../helpers/sessions/load/fault-rig.ts';
import { openStreams } from '../../../helpers/sessions/load/open-streams.ts';
import { until } from '../../../helpers/sessions/rig/until.ts';

jest.setTimeout(400_000);

/** What a new session is told while it cannot start, each time to come again. */
const notYet = /^503 (starting|orchestrator_unavailable|kubernetes_unavailable) retryable$/;
const settledSeconds = 90;

describe('sessions while a server of the cluster is away', () => {
  let environment: TestEnvironment;
  let faults: FaultRig;
  let close: () => Promise<void>;
  beforeAll(async () => {
    ({ environment, faults, close } = await openFaultEnvironment());
  });
  afterAll(async () => {
    await close();
  });

  const check = async () => await faults.rig.witness.check({ idleTimeoutSeconds, limit, graceSeconds: 60 });
  const untilServed = (id: string) =>
    until(() => faults.ask(id), { seconds: settledSeconds, when: ({ what }) => what === '200' });
  const untilRemoved = (id: string) => until(() => faults.ended().includes(id), { seconds: settledSeconds });

  it('the API server is away for 30 s: all sessions are served and none is removed, new ones start when it is back', async () => {
    const pod = await faults.begin('quiet-api');
    await faults.begin('unasked-api');
    const open = await openStreams(faults.client, { stream: 'busy-0', socket: 'busy-1', gateway: 0, seconds: 35 });
    await environment.kill('kube-apiserver');
    const starting = faults.ask('new-api');
    await sleep(20_000);
    // Its idle timeout is over; that it could not be removed must not have ended it.
    expect(await faults.ask('quiet-api')).toEqual({ what: '200', pod });
    await sleep(10_000);
    expect((await starting).what).toMatch(notYet);
    await environment.start('kube-apiserver');
    await faults.rig.witness.watchAgain();
    await untilServed('new-api');

    expect(await open.end()).toMatchObject({ stream: '35 events', socket: 1000 });
    expect(await faults.recovered()).toEqual([]);
    await untilRemoved('unasked-api');
    expect(await check()).toEqual([]);
  });

  it('the Temporal server is killed and has its data: all sessions are served, new ones start when it is back', async () => {
    const pod = await faults.begin('quiet-temporal');
    await faults.begin('unasked-temporal');
    const open = await openStreams(faults.client, { stream: 'busy-2', socket: 'busy-3', gateway: 1, seconds: 15 });
    await environment.kill('temporal');
    const starting = faults.ask('new-temporal');
    await sleep(10_000);
    expect(await faults.ask('quiet-temporal')).toEqual({ what: '200', pod });
    await environment.start('temporal');
    // Held until the server was back, or told to come again.
    expect((await starting).what).toMatch(new RegExp(`^200$|${notYet.source}`));
    await untilServed('new-temporal');

    expect(await open.end()).toMatchObject({ stream: '15 events', socket: 1000 });
    expect(await faults.recovered()).toEqual([]);
    await untilRemoved('unasked-temporal');
    for (const id of faults.ids) expect(faults.load.podsOf(id)).toHaveLength(1);
    expect(await check()).toEqual([]);
  });
});
