import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { sharedEnvironment } from '../../../helpers/environment.ts';
import type { SessionClient } from '../../../helpers/sessions/rig/client/session-client.ts';
import { describeAnswer, describeError } from '../../../helpers/sessions/load/session-load.ts';
import { type SessionRig, startSessionRig } from '../../../helpers/sessions/rig/session-rig.ts';
import { until } from '../../../helpers/sessions/rig/until.ts';
import { startTcpProxy, type TcpProxy } from '../../../helpers/tcp-proxy.ts';

jest.setTimeout(400_000);

const environment = await sharedEnvironment();
const idleTimeoutSeconds = 8;
/** Of each request, from the moment its session could be found idle. A lease is gone long before. */
const offsetsMs = [-900, -600, -400, -250, -150, -80, -30, 0, 50, 150, 300, 500];

describe('a gateway that is cut off from Redis for a moment, while sessions reach their idle timeout', () => {
  let rig: SessionRig;
  let alice: SessionClient;
  let link: TcpProxy;
  const redisAddress = () => `${rig.redisAddress.host}:${rig.redisAddress.port}`;
  beforeAll(async () => {
    rig = await startSessionRig(environment, {
      node: 'simulated',
      class: { idleTimeoutSeconds, maxLifetimeSeconds: 3600 },
      ownRedis: true,
    });
    alice = await rig.client({ owner: 'alice' });
    const [gateway] = rig.gateways;
    await gateway?.stop();
    link = await startTcpProxy(redisAddress());
    gateway?.start({ REDIS_HOST: '127.0.0.1', REDIS_PORT: String(link.port) });
    await gateway?.untilReady();
  });
  afterAll(async () => {
    await link.close();
    await rig.close();
  });

  const check = async () => await rig.witness.check({ idleTimeoutSeconds, limit: 1000, graceSeconds: 30 });

  it('takes requests that Redis does not know of, and their sessions are not removed under them', async () => {
    const ids = offsetsMs.map((_, number) => `edge-${number}`);
    // A young Redis removes nothing for 20 s.
    const untilMs = Date.now() + 21_000;
    await Promise.all(
      ids.map((id) => until(() => alice.execute(id), { seconds: 60, when: ({ status }) => status === 200 })),
    );
    while (Date.now() < untilMs) {
      await Promise.all(ids.map((id) => alice.execute(id)));
      await sleep(1000);
    }
    const last = await Promise.all(ids.map((id) => alice.execute(id)));
    const dueMs = Math.max(...last.map(({ row }) => row.endMs ?? 0)) + idleTimeoutSeconds * 1000;

    await sleep(dueMs - 1500 - Date.now());
    await link.close();
    const asked = ids.map(async (id, index) => {
      const endMs = last[index]?.row.endMs ?? 0;
      await sleep(endMs + idleTimeoutSeconds * 1000 + (offsetsMs[index] ?? 0) - Date.now());
      return await alice
        .get(id, 'slow?ms=6000')
        .then((answer) => (answer.status === 200 ? '200' : describeAnswer(answer)), describeError);
    });
    // Shorter than the 6 s after which its silence keeps every session.
    await sleep(dueMs + 2500 - Date.now());
    link = await startTcpProxy(redisAddress(), link.port);

    const answers = await Promise.all(asked);
    console.error(`Requests at the idle deadline were answered: ${answers.join(', ')}`);
    expect(await check()).toEqual([]);
    // One that comes after the removal has no session to go to; none is cut.
    for (const what of answers) expect(what).toMatch(/^(200|503 (admission_unavailable|starting) retryable)$/);
    expect(answers).toContain('200');
    const again = await Promise.all(
      ids.map((id) => until(() => alice.execute(id), { seconds: 60, when: ({ status }) => status === 200 })),
    );
    expect(again).toHaveLength(ids.length);
    expect(await check()).toEqual([]);
  });
});
