import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Redis } from 'ioredis';
import { sessionKeys } from '../../../../platform/redis/sessions/session-keys.ts';
import { sharedEnvironment } from '../../../helpers/environment.ts';
import { openStreams } from '../../../helpers/sessions/load/open-streams.ts';
import { executePatiently } from '../../../helpers/sessions/rig/client/execute-patiently.ts';
import type { SessionClient } from '../../../helpers/sessions/rig/client/session-client.ts';
import { type SessionRig, startSessionRig } from '../../../helpers/sessions/rig/session-rig.ts';
import { until } from '../../../helpers/sessions/rig/until.ts';
import { createRaceSteps, keyOf, type RaceSteps } from './race-steps.ts';

jest.setTimeout(300_000);
const environment = await sharedEnvironment();
/** Nothing is idle for so long, and a life of 60 s is the least a class may have. */
const limits = { idleTimeoutSeconds: 600, maxLifetimeSeconds: 60, drainSeconds: 25, holdSeconds: 60 };
const [lifeMs, drainMs] = [limits.maxLifetimeSeconds * 1000, limits.drainSeconds * 1000];
/** Streams begin so long before the end of life; one goes on well into the drain. An end may be late on a busy machine. */
const [aheadMs, streamSeconds, lateMs] = [6000, 20, 30_000];

describe('a session pod whose longest life is over', () => {
  let rig: SessionRig;
  let alice: SessionClient;
  let steps: RaceSteps;
  let redis: Redis;
  let lives: Awaited<ReturnType<typeof live>>;
  beforeAll(async () => {
    rig = await startSessionRig(environment, { node: 'simulated', class: limits });
    alice = await rig.client({ owner: 'alice' });
    steps = createRaceSteps(rig, alice);
    redis = new Redis(rig.redisAddress);
    lives = await live();
  });
  afterAll(async () => {
    redis.disconnect();
    await rig.close();
  });

  /** All at the same time, because a life takes a minute. */
  const live = () => Promise.all([useAllTheTime(), streamIntoTheDrain(), streamWithoutEnd()]);
  const begin = async (id: string) => {
    const { row } = await alice.execute(id);
    await steps.untilState(id, 'Ready');
    const endsMs = Date.parse(((await alice.status(id)).json as { readonly endsAt: string }).endsAt);
    // Its life begins when it is found ready, for which its first request waits.
    expect(endsMs - lifeMs).toBeGreaterThanOrEqual(row.beginMs);
    expect(endsMs - lifeMs).toBeLessThanOrEqual(row.endMs!);
    return { endsMs, pod: steps.pods(id)[0]! };
  };
  const sleepUntil = (timeMs: number) => sleep(Math.max(0, timeMs - Date.now()));
  const requestsTo = (id: string, path: string) =>
    rig.witness.clients.rows().filter((row) => row.sessionId === id && row.path.startsWith(path));
  /** The latest moment: the API server cuts its time to the second. */
  const deletedMs = (id: string) => steps.pods(id)[0]!.deletedMs! + 1000;

  /** Short requests and requests of 0.2 s, one after the other, twice through each gateway. */
  async function useAllTheTime() {
    const { endsMs, pod } = await begin('busy');
    const stopping = new AbortController();
    const users = [0, 1, 0, 1].map(async (gateway) => {
      for (let isLast = false; ; isLast = stopping.signal.aborted) {
        const answer = await executePatiently(alice.at(gateway), 'busy', { body: {}, seconds: 60 });
        if (isLast) return answer;
        await alice.get('busy', 'slow?ms=200', { gateway });
      }
    });
    const end = async () => {
      await sleepUntil(endsMs);
      await steps.untilPods('busy', (pods) => pods.some(({ uid, type }) => uid === pod.uid && type === 'DELETED'));
      await steps.untilState('busy', 'Ready');
      await sleep(2000);
    };
    const [last] = await Promise.all([Promise.all(users), end().finally(() => stopping.abort())]);
    return { endsMs, pod, last };
  }

  /** A stream and a WebSocket through gateway 0, and a request that comes to gateway 1 while they are drained. */
  async function streamIntoTheDrain() {
    const { endsMs, pod } = await begin('streamed');
    await steps.holdPod(pod);
    await sleepUntil(endsMs - aheadMs);
    const id = 'streamed';
    const open = await openStreams(alice, { stream: id, socket: id, gateway: 0, seconds: streamSeconds });
    await steps.untilState('streamed', 'Draining(max-lifetime)');
    // Its run stops the leases a moment after it says so.
    const record = sessionKeys(rig.cluster).record(keyOf('streamed'));
    await until(() => redis.hget(record, 'state'), { seconds: 60, when: (state) => state === 'draining' });
    const [ended, next] = await Promise.all([
      open.end(),
      executePatiently(alice.at(1), 'streamed', { body: {}, seconds: 90 }),
      steps.untilState('streamed', 'Deleting(max-lifetime)').then(() => steps.letGo(pod)),
    ]);
    return { endsMs, pod, ended, next };
  }

  /** A stream that would go on for longer than a drain may take. */
  async function streamWithoutEnd() {
    const { endsMs, pod } = await begin('endless');
    await sleepUntil(endsMs - aheadMs);
    await expect(alice.get('endless', 'stream?seconds=600')).rejects.toThrow();
    const cutMs = Date.now();
    await steps.untilState('endless', 'absent');
    return { endsMs, pod, cutMs, result: (await steps.run('endless').result()) as unknown };
  }

  it('is not ended before, and soon after, however busy; all requests are answered, by it or by the next', () => {
    const [{ endsMs, pod, last }] = lives;
    const rows = [...requestsTo('busy', 'execute'), ...requestsTo('busy', 'proxy/slow')];
    // The hold is longer than the drain: nobody is told to come again.
    expect(rows.filter(({ status }) => status !== 200)).toEqual([]);
    const before = rows.filter(({ pod: by, endMs }) => by !== null && endMs! < endsMs);
    expect(before.length).toBeGreaterThan(100);
    expect(new Set(before.map(({ pod: by }) => by!.podUid))).toEqual(new Set([pod.uid]));
    const [first, next, ...others] = steps.pods('busy');
    expect([first!.uid, others]).toEqual([pod.uid, []]);
    expect(next!.incarnation).toBeGreaterThan(pod.incarnation);
    for (const { row } of last) expect(row.pod?.podUid).toBe(next!.uid);
    expect(deletedMs('busy')).toBeGreaterThan(endsMs);
    expect(deletedMs('busy')).toBeLessThan(endsMs + drainMs + lateMs);
  });

  it('finishes a stream, tells a WebSocket to go, and lets a request that comes meanwhile wait for the next', async () => {
    const [, { endsMs, pod, ended, next }] = lives;
    expect(ended).toEqual({ stream: `${streamSeconds} events`, echoes: expect.any(Number), socket: 1001 });
    const [stream, socket] = [requestsTo('streamed', 'proxy/stream')[0]!, requestsTo('streamed', 'proxy/ws')[0]!];
    const logged = (await rig.witness.evidence()).podRequests.find(({ requestId }) => requestId === stream.requestId)!;
    expect(logged).toMatchObject({ podUid: pod.uid, complete: true });
    const inOrder = [stream.beginMs, endsMs, socket.endMs!, logged.endMs!, next.row.endMs!];
    expect(inOrder).toEqual([...inOrder].sort((one, other) => one - other));
    expect(deletedMs('streamed')).toBeGreaterThan(logged.endMs!);
    expect(next.row.beginMs).toBeLessThan(stream.endMs!);
    expect(next).toMatchObject({ status: 200, start: 'cold', json: { count: 1 } });
    expect(next.row.pod?.incarnation).toBeGreaterThan(pod.incarnation);
  });

  it('goes after drainSeconds with what is not finished by then, and with nobody waiting its run ends', () => {
    const [, , { endsMs, pod, cutMs, result }] = lives;
    for (const timeMs of [cutMs, deletedMs('endless')]) {
      expect(timeMs).toBeGreaterThan(endsMs + drainMs);
      expect(timeMs).toBeLessThan(endsMs + drainMs + lateMs);
    }
    expect(result).toMatchObject({ endedBy: 'max-lifetime', incarnation: pod.incarnation });
  });

  it('kept all promises', async () => {
    // Of "never too early" it is left that nothing in flight is cut: busy as it is, it is ended.
    const ended = { idleTimeoutSeconds: 0, endedOnPurpose: ['endless'] };
    expect(await rig.witness.check({ ...ended, limit: 1000, graceSeconds: 30 })).toEqual([]);
  });
});
