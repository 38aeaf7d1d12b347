import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { sharedEnvironment } from '../../../helpers/environment.ts';
import type { SessionAnswer, SessionClient } from '../../../helpers/sessions/rig/client/session-client.ts';
import { type SessionRig, startSessionRig } from '../../../helpers/sessions/rig/session-rig.ts';
import { until } from '../../../helpers/sessions/rig/until.ts';
import { createRaceSteps, isEnding, type RaceSteps, refusedResources, refuseLargePods } from './race-steps.ts';

jest.setTimeout(240_000);

const environment = await sharedEnvironment();
/** Here nothing is idle for long enough. */
const idleTimeoutSeconds = 600;
const drainSeconds = 4;
/** A pod without a run is left alone until it is 120 s old, and sweeps come after that. */
const graceSeconds = 120 + 60;

/** How people end a session: by the API, and in the Temporal UI. */
const ends = ['DELETE', 'Cancel', 'Terminate'] as const;
type End = (typeof ends)[number];

describe('sessions that people end', () => {
  let rig: SessionRig;
  let alice: SessionClient;
  let steps: RaceSteps;
  beforeAll(async () => {
    rig = await startSessionRig(environment, {
      node: 'simulated',
      class: { idleTimeoutSeconds, drainSeconds, holdSeconds: 60 },
      classes: {
        nowhere: { nodeSelector: { nobody: 'has' }, holdSeconds: 12 },
        refused: { resources: refusedResources },
      },
    });
    await refuseLargePods(rig);
    alice = await rig.client({ owner: 'alice' });
    steps = createRaceSteps(rig, alice);
  });
  afterAll(async () => {
    await rig.close();
  });

  const ofClass = (name: string) => ({ headers: { 'x-podkeeper-class': name } });
  const uidOf = ({ row }: SessionAnswer) => row.pod?.podUid;
  const end = async (id: string, how: End): Promise<void> => {
    if (how === 'DELETE') expect([202, 204]).toContain((await alice.remove(id)).status);
    else if (how === 'Cancel') await steps.run(id).cancel();
    else await steps.run(id).terminate('a test, in the name of somebody at the Temporal UI');
  };
  const untilGone = async (id: string) => {
    await steps.untilState(id, 'absent');
    await steps.untilPods(id, (pods) => pods.every(isEnding));
  };
  const statusOf = async (id: string) => (await steps.run(id).describe()).status.name;

  /** After DELETE and Cancel a session begins anew; after Terminate its next run takes its pod over. */
  const expectAfter = async (id: string, how: End, before: SessionAnswer) => {
    if (how !== 'Terminate') await untilGone(id);
    if (how === 'Cancel') await until(() => statusOf(id), { seconds: 60, when: (status) => status === 'CANCELLED' });
    const next = await alice.at(1).execute(id);
    expect(next.status).toBe(200);
    if (how === 'Terminate') expect(uidOf(next)).toBe(uidOf(before));
    else expect(next.row.pod?.incarnation).toBeGreaterThan(before.row.pod?.incarnation ?? Infinity);
    // A gateway that knows the pod needs no run of it; a sweep finds that there is none.
    expect(await steps.state(id)).toMatch(how === 'Terminate' ? /^(Ready|absent)$/ : /^Ready$/);
  };

  describe.each(ends)('by %s', (how) => {
    it('while Starting', async () => {
      const id = `starting-${how}`;
      const waiting = alice.execute(id, {}, ofClass('nowhere'));
      await steps.untilState(id, 'Starting');
      const [pod] = await steps.untilPods(id, ({ length }) => length === 1);
      await end(id, how);
      if (how === 'Terminate') {
        // Who waits goes on waiting, at the next run, for the same pod.
        expect(await waiting).toMatchObject({ status: 503, code: 'starting' });
        expect(await steps.state(id)).toBe('Starting');
        expect(steps.pods(id).map(({ uid }) => uid)).toEqual([pod!.uid]);
        await end(id, 'DELETE');
      } else expect(await waiting).toMatchObject({ status: 409, code: 'session_deleted' });
      await untilGone(id);
      expect(steps.pods(id)).toHaveLength(1);
    });

    it('while Ready and idle', async () => {
      const id = `idle-${how}`;
      const before = await alice.execute(id);
      await end(id, how);
      await expectAfter(id, how, before);
    });

    it('with a request in flight, which is finished', async () => {
      const id = `in-flight-${how}`;
      const before = await alice.execute(id);
      const inFlight = alice.at(1).get(id, 'slow?ms=2500');
      await sleep(500);
      await end(id, how);
      expect(await inFlight).toMatchObject({ status: 200, json: { waitedMs: 2500 } });
      await expectAfter(id, how, before);
    });

    it('with a WebSocket and a stream open, which end with it', async () => {
      const id = `open-${how}`;
      const before = await alice.execute(id);
      const socket = await alice.openSocket(id, { gateway: 1 });
      const leaving = new AbortController();
      const stream = alice.get(id, 'stream?seconds=120', { signal: leaving.signal }).then(
        ({ status }) => status,
        () => 'cut',
      );
      await sleep(500);
      await end(id, how);
      if (how === 'Terminate') {
        expect(await socket.echo('still here')).toBe('still here');
        await expectAfter(id, how, before);
        expect(await socket.echo('and here')).toBe('and here');
        socket.close();
        leaving.abort();
        expect(await stream).toBe('cut');
      } else {
        await untilGone(id);
        expect(await stream).toBe('cut');
        expect([1001, 1006, 1011, 1012]).toContain(await socket.closed);
        await expectAfter(id, how, before);
      }
    });

    it('while Draining', async () => {
      const id = `draining-${how}`;
      const before = await alice.execute(id);
      const inFlight = alice.get(id, 'slow?ms=2500');
      await sleep(300);
      const [ended] = await Promise.all([
        alice.remove(id),
        steps.untilState(id, 'Draining(terminate)').then(() => end(id, how)),
      ]);
      expect([202, 204]).toContain(ended.status);
      expect(await inFlight).toMatchObject({ status: 200 });
      // Who asked for its end is not done with a run that was terminated: the next one ends the session.
      await expectAfter(id, how === 'Terminate' ? 'DELETE' : how, before);
    });

    it('while Deleting', async () => {
      const id = `deleting-${how}`;
      const before = await alice.execute(id);
      const [pod] = steps.pods(id);
      await steps.holdPod(pod!);
      expect(await alice.remove(id)).toMatchObject({ status: 202, json: { state: 'Deleting' } });
      await end(id, how);
      if (how === 'Terminate') {
        // The pod is on its way out and can't be taken over: the next run makes another.
        const next = await alice.execute(id);
        expect(next).toMatchObject({ status: 200, json: { count: 1 } });
        expect(next.row.pod?.incarnation).toBeGreaterThan(before.row.pod?.incarnation ?? Infinity);
        await steps.letGo(pod!);
        expect(uidOf(await alice.at(1).execute(id))).toBe(uidOf(next));
        return;
      }
      expect(await steps.state(id)).toBe('Deleting(terminate)');
      await steps.letGo(pod!);
      await expectAfter(id, how, before);
    });

    it('while Failed', async () => {
      const id = `failed-${how}`;
      const ask = () => alice.execute(id, {}, ofClass('refused'));
      const first = await ask();
      expect(await steps.state(id)).toBe('Failed');
      await end(id, how);
      if (how !== 'Terminate') await untilGone(id);
      const run = await steps.run(id).describe();
      expect(await ask()).toMatchObject({ status: first.status, code: first.code });
      expect((await steps.run(id).describe()).runId).not.toBe(how === 'Terminate' ? '' : run.runId);
      expect(steps.pods(id)).toEqual([]);
    });
  });

  it('by DELETE again and again: there is one end', async () => {
    const before = await alice.execute('again');
    const answers = await Promise.all([0, 1, 0, 1, 0].map((gateway) => alice.at(gateway).remove('again')));
    for (const { status } of answers) expect([202, 204]).toContain(status);
    await untilGone('again');
    expect((await alice.remove('again')).status).toBe(404);
    await expectAfter('again', 'DELETE', before);
  });

  it('by DELETE with force: nothing in flight is waited for', async () => {
    await alice.execute('forced');
    const inFlight = alice.get('forced', 'slow?ms=60000').then(
      ({ status }) => status,
      () => 'cut',
    );
    await sleep(500);
    expect((await alice.remove('forced', true)).status).toBe(204);
    expect([502, 'cut']).toContain(await inFlight);
  });

  it('not by another owner, for whom it is not there', async () => {
    const before = await alice.execute('private');
    const bob = await rig.client({ owner: 'bob' });
    for (const force of [false, true]) {
      expect(await bob.remove('private', force)).toMatchObject({ status: 404, code: 'not_found' });
    }
    const after = await alice.execute('private');
    expect(after).toMatchObject({ status: 200, start: 'existing', json: { count: 2 } });
    expect(uidOf(after)).toBe(uidOf(before));
  });

  it('by DELETE although somebody terminated its run: its pod goes, too', async () => {
    await alice.execute('runless');
    await steps.run('runless').terminate('a test');
    expect([202, 204]).toContain((await alice.remove('runless')).status);
    await untilGone('runless');
  });

  it('kept all promises', async () => {
    const kinds = ['starting', 'idle', 'in-flight', 'open', 'draining', 'deleting', 'failed'];
    const endedOnPurpose = [
      ...kinds.flatMap((kind) => ends.map((how) => `${kind}-${how}`)),
      'again',
      'forced',
      'runless',
    ];
    expect(await rig.witness.check({ idleTimeoutSeconds, limit: 1000, graceSeconds, endedOnPurpose })).toEqual([]);
  });
});
