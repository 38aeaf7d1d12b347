import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { sharedEnvironment } from '../../helpers/environment.ts';
import type { SessionAnswer, SessionClient } from '../../helpers/sessions/rig/client/session-client.ts';
import { executePatiently } from '../../helpers/sessions/rig/client/execute-patiently.ts';
import { inGroups } from '../../helpers/sessions/rig/in-groups.ts';
import { type SessionRig, startSessionRig } from '../../helpers/sessions/rig/session-rig.ts';

/** On two idle cores a fraction of it; it has been seen to take 215 s beside ten times the work they can do. */
jest.setTimeout(420_000);

const environment = await sharedEnvironment();
/** Longer than the test: here nothing is to be removed. */
const idleTimeoutSeconds = 600;
const sessions = 500;
/** Each its own tenant. */
const owners = 10;
/** Starts at once: two cores do about ten a second, and a gateway waits 20 s for an answer. */
const startsAtOnce = 50;

describe('500 sessions at once on simulated nodes, through two gateways', () => {
  let rig: SessionRig;
  let clients: readonly SessionClient[];
  beforeAll(async () => {
    rig = await startSessionRig(environment, {
      node: 'simulated',
      class: { idleTimeoutSeconds, maxLifetimeSeconds: 3600 },
      env: {
        CLEANUP_INTERVAL_SECONDS: '60',
        MAX_CONCURRENT_SESSIONS: '520',
        MAX_SESSIONS_PER_TENANT: '60',
        SESSION_TENANT_CLAIM: 'tenant',
      },
    });
    clients = await Promise.all(
      Array.from({ length: owners }, (_, owner) =>
        rig.client({ tenant: `tenant-${owner}`, owner: 'alice', gateway: owner % 2 }),
      ),
    );
  });
  afterAll(async () => {
    await rig.close();
  });

  const numbers = Array.from({ length: sessions }, (_, number) => number);
  const clientOf = (number: number) => clients[number % owners]!;
  // The same ids for all owners: only together they are a session.
  const idOf = (number: number) => `s-${Math.floor(number / owners)}`;

  const execute = (number: number) =>
    executePatiently(clientOf(number), idOf(number), { body: { number }, seconds: 240 });
  const failures = (answers: readonly SessionAnswer[]) =>
    answers.flatMap(({ status, text }) => (status === 200 ? [] : [`${status} ${text}`])).slice(0, 5);

  it('each has its own pod, which answers all of its requests through both gateways and no other', async () => {
    const first = await inGroups(numbers, startsAtOnce, execute);
    expect(failures(first)).toEqual([]);
    expect(new Set(first.map(({ row }) => row.pod?.podUid)).size).toBe(sessions);
    const again = await Promise.all(
      numbers.flatMap((number) =>
        [0, 1].map((gateway) => clientOf(number).at(gateway).execute(idOf(number), { number })),
      ),
    );
    expect(failures(again)).toEqual([]);
    for (const [index, { json, row }] of again.entries()) {
      const number = Math.floor(index / 2);
      expect(json).toMatchObject({ sessionId: idOf(number), echo: { number } });
      expect(row.pod).toEqual(first[number]!.row.pod);
    }
    expect(await rig.witness.check({ idleTimeoutSeconds, limit: 520, graceSeconds: 30 })).toEqual([]);
  });
});
