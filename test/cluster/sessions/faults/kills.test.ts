import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { sharedEnvironment } from '../../../helpers/environment.ts';
import { type FaultRig, idleTimeoutSeconds, limit, startFaultRig } from '../../../helpers/sessions/load/fault-rig.ts';
import { openStreams } from '../../../helpers/sessions/load/open-streams.ts';

jest.setTimeout(400_000);

const environment = await sharedEnvironment();
/** What a client sees of a gateway that is not there any more, before it goes to the other one. */
const cut = /^(ECONNREFUSED|ECONNRESET|EPIPE|UND_ERR_SOCKET|other side closed)$/;

describe('sessions under load when their own processes are killed or stopped', () => {
  let faults: FaultRig;
  beforeAll(async () => {
    faults = await startFaultRig(environment, { workers: 2, env: { SHUTDOWN_DELAY_SECONDS: '3' } });
  });
  afterAll(async () => {
    await faults.close();
  });

  const removed = ['kept-0', 'kept-1', 'kept-2'];
  const check = async () =>
    await faults.rig.witness.check({ idleTimeoutSeconds, limit, graceSeconds: 30, endedOnPurpose: removed });

  it('a gateway is killed: what it served is cut, its clients find their sessions at the other one', async () => {
    const [killed, other] = await Promise.all([
      openStreams(faults.client, { stream: 'busy-0', socket: 'busy-1', gateway: 0, seconds: 8 }),
      openStreams(faults.client, { stream: 'busy-2', socket: 'busy-3', gateway: 1, seconds: 8 }),
    ]);
    const [gateway] = faults.rig.gateways;
    await gateway?.kill();
    expect(await faults.begin('new-gateway')).not.toBe('');
    expect((await killed.end()).stream).toMatch(cut);
    expect(await killed.socketClosed).toBe(1006);
    expect(await other.end()).toMatchObject({ stream: '8 events', socket: 1000 });
    gateway?.start();
    await gateway?.untilReady();

    for (const { what } of await faults.recovered()) expect(what).toMatch(cut);
    expect(await check()).toEqual([]);
  });

  it('a session worker is killed: the other one goes on, also with the runs the killed one had', async () => {
    const open = await openStreams(faults.client, { stream: 'busy-4', socket: 'busy-5', gateway: 0, seconds: 8 });
    await Promise.all(removed.map((id) => faults.begin(id)));
    const [worker] = faults.rig.workers;
    const killedMs = performance.now();
    await worker?.kill();
    // Each ends with its run and starts with a new one. A task that the killed one had taken comes back after 10 s.
    const answers = await Promise.all(removed.map((id) => faults.client.remove(id)));
    expect(answers.map(({ status }) => [202, 204].includes(status))).toEqual([true, true, true]);
    expect((await faults.ask('new-worker')).what).toBe('200');
    const seconds = Math.round((performance.now() - killedMs) / 1000);
    console.error(`A session worker was killed: the other one had gone on after ${seconds} s.`);

    expect(await open.end()).toMatchObject({ stream: '8 events', socket: 1000 });
    worker?.start();
    await worker?.untilReady();
    expect(await faults.recovered()).toEqual([]);
    expect(await check()).toEqual([]);
  });

  it('every process is restarted as planned: no request fails, WebSockets are told to come again', async () => {
    const { gateways, workers } = faults.rig;
    for (const [number, gateway] of gateways.entries()) {
      const open = await openStreams(faults.client, {
        ...{ stream: 'busy-6', socket: 'busy-7', gateway: number, seconds: 5 },
      });
      expect(await gateway.stop()).toBe(0);
      expect(await open.end()).toMatchObject({ stream: '5 events', socket: 1001 });
      gateway.start();
      await gateway.untilReady();
      // The load balancer finds it.
      await sleep(500);
    }
    for (const worker of workers) {
      const starting = faults.begin(`new-${worker.name}`);
      expect(await worker.stop()).toBe(0);
      await starting;
      worker.start();
      await worker.untilReady();
    }
    expect(await faults.recovered()).toEqual([]);
    for (const id of faults.ids) expect(faults.load.podsOf(id)).toHaveLength(1);
    expect(await check()).toEqual([]);
  });
});
