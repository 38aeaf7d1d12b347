import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Redis } from 'ioredis';
import { sharedEnvironment } from '../../../helpers/environment.ts';
import { type FaultRig, idleTimeoutSeconds, limit, startFaultRig } from '../../../helpers/sessions/load/fault-rig.ts';
import { openStreams } from '../../../helpers/sessions/load/open-streams.ts';
import { until } from '../../../helpers/sessions/rig/until.ts';

jest.setTimeout(400_000);

const environment = await sharedEnvironment();
/** Only new sessions are refused while Redis is away or empty, and are told to come back. */
const admission = /^503 admission_(unavailable|rebuilding) retryable$/;
/** Then nothing is removed for 20 s more, and sweeps look every 5 s; a busy machine is late. */
const settledSeconds = 90;

describe('sessions while Redis has a fault', () => {
  let faults: FaultRig;
  beforeAll(async () => {
    faults = await startFaultRig(environment, { ownRedis: true });
  });
  afterAll(async () => {
    await faults.close();
  });

  const check = async () => await faults.rig.witness.check({ idleTimeoutSeconds, limit, graceSeconds: 60 });
  const untilAdmitted = (id: string) =>
    until(() => faults.ask(id), { seconds: 60, when: ({ what }) => what === '200' });

  it('that is killed and has its file: nobody who has a session notices, new ones wait until it is back', async () => {
    const pod = await faults.begin('quiet-kill');
    const open = await openStreams(faults.client, { stream: 'busy-0', socket: 'busy-1', gateway: 1, seconds: 12 });
    await faults.rig.redis().signal('SIGKILL');
    await sleep(5000);
    expect((await faults.ask('new-kill')).what).toMatch(admission);
    // Its idle timeout passes while nobody may say so.
    await sleep(4000);
    expect(await faults.ask('quiet-kill')).toEqual({ what: '200', pod });
    await faults.rig.redis().restart();
    await untilAdmitted('new-kill');

    expect(await open.end()).toMatchObject({ stream: '12 events', socket: 1000, echoes: expect.any(Number) });
    expect(await faults.recovered()).toEqual([]);
    expect(await check()).toEqual([]);
  });

  it('that loses all its data: sessions go on, their places are counted anew from the pods', async () => {
    const pod = await faults.begin('quiet-flush');
    const open = await openStreams(faults.client, { stream: 'busy-2', socket: 'busy-3', gateway: 0, seconds: 6 });
    const redis = new Redis({ ...faults.rig.redisAddress });
    await redis.flushall();
    redis.disconnect();
    expect(await faults.ask('quiet-flush')).toEqual({ what: '200', pod });
    await untilAdmitted('new-flush');

    expect(await open.end()).toMatchObject({ stream: '6 events', socket: 1000 });
    expect(await faults.recovered()).toEqual([]);
    expect(await check()).toEqual([]);
  });

  it('that hangs for 30 s: requests and streams go on, nothing idle is removed, new sessions are told to come back', async () => {
    const pod = await faults.begin('quiet-hang');
    await faults.begin('unasked-hang');
    const open = await openStreams(faults.client, { stream: 'busy-4', socket: 'busy-5', gateway: 0, seconds: 35 });
    const before = faults.ended();
    await faults.rig.redis().signal('SIGSTOP');
    await sleep(5000);
    const answered = faults.load.answered();
    expect((await faults.ask('new-hang', 0)).what).toMatch(admission);
    expect((await faults.ask('new-hang', 1)).what).toMatch(admission);
    await sleep(20_000);
    expect(await faults.ask('quiet-hang')).toEqual({ what: '200', pod });
    expect(faults.load.answered() - answered).toBeGreaterThan(100);
    expect(faults.ended()).toEqual(before);
    await sleep(4000);
    await faults.rig.redis().signal('SIGCONT');
    await untilAdmitted('new-hang');

    expect(await open.end()).toMatchObject({ stream: '35 events', socket: 1000 });
    expect(await faults.recovered()).toEqual([]);
    expect(await check()).toEqual([]);
  });

  it('in the end: each session kept its pod, the quiet ones are removed, and there are as many places as before', async () => {
    for (const id of faults.ids) expect(faults.load.podsOf(id)).toHaveLength(1);
    const quiet = ['quiet-kill', 'quiet-flush', 'quiet-hang', 'unasked-hang', 'new-kill', 'new-flush', 'new-hang'];
    await until(() => quiet.filter((id) => !faults.ended().includes(id)), {
      seconds: settledSeconds,
      when: (left) => left.length === 0,
    });
    const more = Array.from({ length: limit - faults.ids.length }, (_, number) => `more-${number}`);
    const started = await Promise.all(more.map((id) => untilAdmitted(id)));
    expect(new Set(started.map(({ pod }) => pod)).size).toBe(more.length);
    expect((await faults.ask('one-too-many')).what).toBe('429 cluster_limit retryable');
    expect(await faults.recovered()).toEqual([]);
    expect(await check()).toEqual([]);
  });
});
