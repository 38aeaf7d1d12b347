import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Redis } from 'ioredis';
import { sessionKeys } from '../../../../platform/redis/sessions/session-keys.ts';
import { sharedEnvironment } from '../../../helpers/environment.ts';
import { seededRandom, testSeed } from '../../../helpers/seeded-random.ts';
import { executePatiently } from '../../../helpers/sessions/rig/client/execute-patiently.ts';
import type { SessionClient } from '../../../helpers/sessions/rig/client/session-client.ts';
import { type SessionRig, startSessionRig } from '../../../helpers/sessions/rig/session-rig.ts';
import {
  ageEpoch,
  createRaceSteps,
  isEnding,
  keyOf,
  type RaceSteps,
  refusedResources,
  refuseLargePods,
} from './race-steps.ts';

jest.setTimeout(180_000);

const environment = await sharedEnvironment();
const idleTimeoutSeconds = 3;
const seed = testSeed();

describe('a request to a session that is ending', () => {
  let rig: SessionRig;
  let alice: SessionClient;
  let steps: RaceSteps;
  let redis: Redis;
  beforeAll(async () => {
    rig = await startSessionRig(environment, {
      node: 'simulated',
      class: { idleTimeoutSeconds, drainSeconds: 20, holdSeconds: 60 },
      classes: {
        // Asked whether it is busy it takes its time: so long it stays Draining.
        slow: { busyPath: '/slow?ms=1700' },
        refused: { resources: refusedResources },
      },
    });
    await refuseLargePods(rig);
    alice = await rig.client({ owner: 'alice' });
    steps = createRaceSteps(rig, alice);
    redis = new Redis(rig.redisAddress);
    await ageEpoch(redis, sessionKeys(rig.cluster));
  });
  afterAll(async () => {
    redis.disconnect();
    await rig.close();
  });

  const slow = { headers: { 'x-podkeeper-class': 'slow' } };
  const uidOf = (answer: { readonly row: { readonly pod: { readonly podUid: string | null } | null } }) =>
    answer.row.pod?.podUid;

  it('Draining for idleness is answered by the same pod: it is called back', async () => {
    const first = await alice.execute('back', {}, slow);
    expect(first).toMatchObject({ status: 200, start: 'cold' });
    await steps.untilState('back', 'Draining(idle)');
    const again = await alice.at(1).execute('back');
    expect(again).toMatchObject({ status: 200, start: 'existing', json: { count: 2 } });
    expect(uidOf(again)).toBe(uidOf(first));
    expect(await steps.state('back')).toBe('Ready');
  });

  it('Deleting for idleness is answered by the same pod while its end is not sealed', async () => {
    const first = await alice.execute('unsealed', {}, slow);
    await steps.untilState('unsealed', 'Draining(idle)');
    // A lease of another gateway, as one that was granted just before it drained and is told again only now.
    const { leases } = sessionKeys(rig.cluster);
    await redis.hset(leases(keyOf('unsealed')), 'another-gateway', Date.now() + 15_000);
    await steps.untilState('unsealed', 'Ready');
    const again = await alice.execute('unsealed');
    expect(again).toMatchObject({ status: 200, start: 'existing', json: { count: 2 } });
    expect(uidOf(again)).toBe(uidOf(first));
    await redis.hdel(leases(keyOf('unsealed')), 'another-gateway');
  });

  it('Deleting for idleness, sealed, waits for the next pod', async () => {
    const first = await alice.execute('sealed');
    const pod = steps.pods('sealed')[0]!;
    await steps.holdPod(pod);
    await steps.untilPods('sealed', ([only]) => isEnding(only!));
    expect(await steps.state('sealed')).toBe('Deleting(idle)');
    const again = alice.at(1).execute('sealed');
    await sleep(1000);
    expect(await steps.state('sealed')).toBe('Deleting(idle)');
    await steps.letGo(pod);
    const answer = await again;
    expect(answer).toMatchObject({ status: 200, start: 'cold', json: { count: 1 } });
    expect(answer.row.pod?.incarnation).toBeGreaterThan(first.row.pod?.incarnation ?? Infinity);
  });

  it('Draining because somebody ended it waits for the next pod, and what is in flight is finished by the old one', async () => {
    const first = await alice.execute('ended');
    const inFlight = alice.at(1).get('ended', 'slow?ms=8000');
    // Gateway 0 keeps its lease for a quarter of the idle time: after that it has to ask for one.
    await sleep(3000);
    const removing = alice.remove('ended');
    await steps.untilState('ended', 'Draining(terminate)');
    // Its run stops the leases a moment after it says so: what comes before that is in flight, too.
    await sleep(1500);
    const again = await alice.execute('ended');
    expect([202, 204]).toContain((await removing).status);
    expect(again).toMatchObject({ status: 200, start: 'cold', json: { count: 1 } });
    expect(uidOf(again)).not.toBe(uidOf(first));
    const finished = await inFlight;
    expect(finished).toMatchObject({ status: 200, json: { waitedMs: 8000 } });
    expect(finished.row.endMs).toBeLessThanOrEqual(again.row.endMs!);
  });

  it('Failed is answered with the same reason again, and nothing is started', async () => {
    const ask = () => alice.execute('refused', {}, { headers: { 'x-podkeeper-class': 'refused' } });
    const first = await ask();
    expect(first.status).toBeGreaterThanOrEqual(500);
    expect(first.code).not.toBe('starting');
    expect(await steps.state('refused')).toBe('Failed');
    const { runId } = await steps.run('refused').describe();
    for (const gateway of [0, 1]) {
      const again = await alice.at(gateway).execute('refused', {}, { headers: { 'x-podkeeper-class': 'refused' } });
      expect([again.status, again.code]).toEqual([first.status, first.code]);
      expect((again.json as { detail: string }).detail).toBe((first.json as { detail: string }).detail);
    }
    expect((await steps.run('refused').describe()).runId).toBe(runId);
    expect(steps.pods('refused')).toEqual([]);
  });

  it('Lost is answered by the pod that takes its place', async () => {
    const first = await alice.execute('lost');
    await alice.call({ id: 'lost', path: 'proxy/exit?code=1', body: {} }).catch(() => undefined);
    await steps.untilPods('lost', ([only]) => only!.phase === 'Failed' || isEnding(only!));
    const answers = await Promise.all(
      [0, 1, 0, 1].map((gateway) => executePatiently(alice.at(gateway), 'lost', { body: {}, seconds: 60 })),
    );
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect(new Set(answers.map(uidOf)).size).toBe(1);
    expect(uidOf(answers[0]!)).not.toBe(uidOf(first));
    expect(answers.map(({ start }) => start)).toContain('healed');
  });

  it('comes around the moment of its end, again and again, and is answered by the same pod or by the next', async () => {
    console.error(`Moments around the idle deadline: PODKEEPER_TEST_SEED=${seed}`);
    const random = seededRandom(seed);
    const plans = Array.from({ length: 8 }, (_, number) => ({
      id: `around-${number}`,
      waitsMs: Array.from({ length: 2 }, () => idleTimeoutSeconds * 1000 + random.between(-200, 800)),
    }));
    const answers = await Promise.all(
      plans.map(async ({ id, waitsMs }, number) => {
        const all = [await alice.execute(id)];
        for (const waitMs of waitsMs) {
          await sleep(waitMs);
          all.push(await alice.at(number % 2).execute(id));
        }
        return all;
      }),
    );
    const flat = answers.flat();
    expect(flat.filter(({ status }) => status !== 200).map(({ status, text }) => [status, text])).toEqual([]);
    for (const of of answers) {
      const incarnations = of.map(({ row }) => row.pod?.incarnation ?? 0);
      expect(incarnations).toEqual([...incarnations].sort((one, other) => one - other));
    }
  });

  it('kept all promises', async () => {
    for (let number = 0; number < 8; number += 1) await steps.untilState(`around-${number}`, 'absent');
    const endedOnPurpose = ['ended', 'lost'];
    expect(await rig.witness.check({ idleTimeoutSeconds, limit: 1000, graceSeconds: 30, endedOnPurpose })).toEqual([]);
  });
});
