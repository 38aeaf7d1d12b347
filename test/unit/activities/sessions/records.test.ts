import { describe, expect, it } from '@jest/globals';
import { createSessionActivities } from '../../../../activities/sessions/index.ts';
import type { SessionActivities } from '../../../../activities/sessions/session-activities.ts';
import type { SealAnswer } from '../../../../platform/redis/sessions/life/session-life.ts';
import { away, createStubRig, podRef, ref, runActivity } from './session-stubs.ts';

const incarnation = { ...ref, incarnation: 7 };
const question = { ...ref, pod: podRef(7), idleTimeoutMs: 1000, runId: 'run-1' };
const unavailable = { type: 'redis_unavailable', nonRetryable: false };

describe('records of a session in Redis', () => {
  it('without Redis nothing is said to be done, and it is tried again', async () => {
    const rig = createStubRig();
    const none = () => Promise.resolve(away);
    const instead = {
      life: { publish: none, idleDecide: none, undrain: none, seal: none, stopLeases: none, gatewaysHeard: none },
      admission: { confirm: none, release: none },
    };
    const calls = [
      runActivity(rig, 'publishSession', { ...ref, pod: podRef(7), start: 'cold', startMs: 5 }, instead),
      runActivity(rig, 'decideIdle', question, instead),
      runActivity(rig, 'decideIdle', question, { life: instead.life }),
      runActivity(rig, 'callBack', incarnation, instead),
      runActivity(rig, 'sealSession', { ...incarnation, forIdleness: true }, instead),
      runActivity(rig, 'hasLeases', incarnation, instead),
      runActivity(rig, 'hearGateways', incarnation, instead),
      runActivity(rig, 'releaseSlot', { ...ref, runId: 'run-1' }, instead),
    ];
    for (const call of await Promise.allSettled(calls)) expect(call).toMatchObject({ reason: unavailable });
  });

  it('the slot is confirmed before the question whether the session is idle', async () => {
    const rig = createStubRig();
    expect(await runActivity(rig, 'decideIdle', question)).toEqual({ keep: null, remainingMs: 0, sinceActivityMs: 9 });
    expect(rig.confirmed).toEqual(['run-1']);
  });

  it('gateways are waited for until all were heard of', async () => {
    const rig = createStubRig();
    const answers = [false, false, true];
    const gatewaysHeard = () => Promise.resolve({ ok: true as const, value: answers.shift() ?? true });
    const heard = await runActivity(rig, 'hearGateways', incarnation, {
      life: { ...rig.dependencies.life, gatewaysHeard },
    });
    expect({ heard, left: answers.length }).toEqual({ heard: true, left: 0 });
  });

  it.each<[SealAnswer, boolean]>([
    ['sealed', true],
    ['lease', false],
    ['missing', false],
    ['young', false],
    ['superseded', false],
  ])('a session that Redis calls %s is sealed: %s', async (answer, sealed) => {
    const rig = createStubRig();
    const life = { ...rig.dependencies.life, seal: () => Promise.resolve({ ok: true, value: answer } as const) };
    expect(await runActivity(rig, 'sealSession', { ...incarnation, forIdleness: true }, { life })).toBe(sealed);
  });

  it('work for another cluster is refused by every activity', async () => {
    const rig = createStubRig();
    for (const name of Object.keys(createSessionActivities(rig.dependencies)) as (keyof SessionActivities)[]) {
      const input = { cluster: 'other', pod: podRef(7) } as Parameters<SessionActivities[typeof name]>[0];
      await expect(runActivity(rig, name, input as never)).rejects.toMatchObject({ type: 'foreign_cluster' });
    }
    expect([rig.deleted, rig.created, rig.confirmed, rig.probed]).toEqual([[], [], [], []]);
  });
});
