import { type AddressInfo, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Redis } from 'ioredis';
import { type SessionKeys, sessionKeys } from '../../../../platform/redis/sessions/session-keys.ts';
import { sharedEnvironment } from '../../../helpers/environment.ts';
import { seededRandom, testSeed } from '../../../helpers/seeded-random.ts';
import { executePatiently } from '../../../helpers/sessions/rig/client/execute-patiently.ts';
import type { SessionClient } from '../../../helpers/sessions/rig/client/session-client.ts';
import { type SessionRig, startSessionRig } from '../../../helpers/sessions/rig/session-rig.ts';
import { until } from '../../../helpers/sessions/rig/until.ts';
import { keyOf } from './race-steps.ts';

jest.setTimeout(240_000);

const environment = await sharedEnvironment();
/** Here nothing is idle for long enough. */
const idleTimeoutSeconds = 600;
const limit = 3;
const reservationMs = 150_000;
const seed = testSeed();

describe('gateways that are killed while they start sessions', () => {
  let rig: SessionRig;
  let alice: SessionClient;
  let redis: Redis;
  let keys: SessionKeys;
  let hole: Awaited<ReturnType<typeof openHole>>;
  beforeAll(async () => {
    hole = await openHole();
    rig = await startSessionRig(environment, {
      node: 'simulated',
      class: { idleTimeoutSeconds },
      env: { MAX_CONCURRENT_SESSIONS: String(limit) },
    });
    alice = await rig.client({ owner: 'alice', gateway: 1 });
    redis = new Redis(rig.redisAddress);
    keys = sessionKeys(rig.cluster);
  });
  afterAll(async () => {
    redis.disconnect();
    await rig.close();
    hole.close();
  });

  const restart = async (changes: Readonly<Record<string, string>> = {}) => {
    await rig.gateways[0]!.kill();
    rig.gateways[0]!.start(changes);
    await rig.gateways[0]!.untilReady();
  };
  /** As if their time had passed; the next start gives them back. */
  const endReservations = async () => {
    for (const key of await redis.zrange(keys.reservations, '0', '-1')) await redis.zadd(keys.reservations, '1', key);
  };
  /** Keys of the sessions that have a slot, reserved or for good. */
  const slots = async () => (await redis.hkeys(keys.slots)).filter((key) => !key.startsWith('#')).sort();

  it('give their slots back: killed between taking one and asking for the session, it is reserved for a while', async () => {
    // It has what it needs to be ready, and never reaches Temporal.
    for (let number = 0; number < limit; number += 1) {
      await restart({ TEMPORAL_ADDRESS: hole.address });
      const lost = alice
        .at(0)
        .execute(`lost-${number}`)
        .then(
          ({ status }) => status,
          () => 'cut',
        );
      await until(() => redis.zcard(keys.reservations), { seconds: 30, when: (count) => count === number + 1 });
      await rig.gateways[0]!.kill();
      expect(await lost).toBe('cut');
    }
    const [longest] = (await redis.zrange(keys.reservations, '-1', '-1', 'WITHSCORES')).slice(1).map(Number);
    expect(longest! - Date.now()).toBeLessThanOrEqual(reservationMs);
    expect(await slots()).toEqual([0, 1, 2].map((number) => keyOf(`lost-${number}`)).sort());

    // While they are reserved nobody else has them, but the sessions they are reserved for.
    expect(await alice.execute('other')).toMatchObject({ status: 429, code: 'cluster_limit' });
    expect(await alice.execute('lost-0')).toMatchObject({ status: 200, start: 'cold' });
    await endReservations();
    expect(await alice.execute('other')).toMatchObject({ status: 200 });
    expect(await alice.execute('another')).toMatchObject({ status: 200 });
    expect(await alice.execute('one-too-many')).toMatchObject({ status: 429, code: 'cluster_limit' });
    expect(await slots()).toEqual(['lost-0', 'other', 'another'].map((id) => keyOf(id)).sort());
  });

  it('lose and double none, at whatever moment of a start they are killed', async () => {
    console.error(`Moments of starts: PODKEEPER_TEST_SEED=${seed}`);
    for (const id of ['lost-0', 'other', 'another']) expect([202, 204]).toContain((await alice.remove(id)).status);
    await until(slots, { seconds: 60, when: ({ length }) => length === 0 });
    const random = seededRandom(seed);
    const ids = ['early', 'later', 'latest'];
    for (const id of ids) {
      await restart();
      void alice
        .at(0)
        .execute(id)
        .catch(() => undefined);
      await sleep(random.between(0, 400));
      await rig.gateways[0]!.kill();
    }
    await endReservations();
    // Begun or not, each is there for who asks, in a slot of its own; and there is no fourth.
    const answers = await Promise.all(ids.map((id) => executePatiently(alice, id, { body: {}, seconds: 60 })));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(await slots()).toEqual(ids.map((id) => keyOf(id)).sort());
    expect(await alice.execute('fourth')).toMatchObject({ status: 429, code: 'cluster_limit' });
  });

  it('kept all promises', async () => {
    const endedOnPurpose = ['lost-0', 'other', 'another'];
    expect(await rig.witness.check({ idleTimeoutSeconds, limit, graceSeconds: 30, endedOnPurpose })).toEqual([]);
  });
});

/** Takes connections and never answers. */
async function openHole() {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    // It is cut with the gateway.
    socket.on('error', () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
