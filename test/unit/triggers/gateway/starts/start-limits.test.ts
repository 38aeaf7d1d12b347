import { describe, expect, it } from '@jest/globals';
import type { AdmitAnswer } from '../../../../../platform/redis/sessions/admission/admission.ts';
import { createStartBreaker } from '../../../../../triggers/gateway/starts/start-breaker.ts';
import { Problem } from '../../../../../triggers/http/problems/problem.ts';
import { readyWith, settle, startStarter, targetOf } from './starter-rig.ts';

const problem = (code: string) => expect.objectContaining({ name: 'Problem', code });
const answered = (answer: AdmitAnswer['answer'], retryMs = 0) => ({ ok: true, value: { answer, retryMs } }) as const;

describe('requests that wait', () => {
  it.each([
    ['of one session', { perSession: 2, perTenant: 9, inAll: 9 }, ['a', 'a'], 'a', 'b'],
    ['of one tenant', { perSession: 9, perTenant: 2, inAll: 9 }, ['a', 'b'], 'c', null],
    ['in all', { perSession: 9, perTenant: 9, inAll: 2 }, ['a', 'b'], 'c', null],
  ])('are limited: %s', async (_, waiterLimits, first, refused, taken) => {
    const { ensure, call, starter } = startStarter({ waiterLimits });
    const waiting = first.map((key) => ensure(targetOf(key)));
    await expect(ensure(targetOf(refused))).rejects.toEqual(problem('too_many_waiters'));
    if (taken !== null) waiting.push(ensure(targetOf(taken)));
    for (let index = 0; index < new Set([...first, taken].filter((key) => key !== null)).size; index += 1)
      (await call(index)).answer(readyWith(7));
    await Promise.all(waiting);
    expect(starter.waiting).toBe(0);
    // And who comes now is taken.
    const later = ensure(targetOf('z'));
    (await call(new Set([...first, taken].filter((key) => key !== null)).size)).answer(readyWith(7));
    await later;
  });
});

describe('a session without a pod', () => {
  it.each([
    ['cluster_limit', 90_000, 'cluster_limit'],
    ['tenant_limit', 1, 'tenant_limit'],
    ['too_fast', 50, 'tenant_limit'],
  ] as const)('is not started: %s', async (answer, retryMs, code) => {
    const { ensure, onAdmit, asked, starter } = startStarter();
    onAdmit(() => answered(answer, retryMs));
    const error: unknown = await ensure(targetOf('a')).catch((reason: unknown) => reason);
    expect(error).toEqual(problem(code));
    const { status, retryAfterSeconds } = error as Problem;
    expect(status).toBe(429);
    expect(retryAfterSeconds).toBeGreaterThanOrEqual(5);
    expect(retryAfterSeconds).toBeLessThanOrEqual(15);
    expect(asked).toEqual([]);
    expect(starter.waiting).toBe(0);
  });

  it('is not started while Redis is away', async () => {
    const { ensure, onAdmit, asked } = startStarter();
    onAdmit(() => ({ ok: false, reason: 'down' }));
    await expect(ensure(targetOf('a'))).rejects.toEqual(problem('admission_unavailable'));
    expect(asked).toEqual([]);
  });

  it('waits a moment for the sessions to be counted again', async () => {
    const { ensure, onAdmit, call, admitted } = startStarter();
    onAdmit(() => answered(admitted.length < 3 ? 'rebuilding' : 'admitted'));
    const waiting = ensure(targetOf('a'));
    (await call(0)).answer(readyWith(7));
    await waiting;
  });

  it('is refused when counting them takes longer', async () => {
    const { ensure, onAdmit } = startStarter();
    onAdmit(() => answered('rebuilding'));
    await expect(ensure(targetOf('a'))).rejects.toEqual(problem('admission_rebuilding'));
  });

  it('is asked for when it has a slot already', async () => {
    const { ensure, onAdmit, call } = startStarter();
    onAdmit(() => answered('known'));
    const waiting = ensure(targetOf('a'));
    (await call(0)).answer(readyWith(7));
    await waiting;
  });

  it('needs a slot when its last pod was ended', async () => {
    const { ensure, onAdmit, show, routeTo, admitted } = startStarter();
    show(routeTo('a', 7));
    onAdmit(() => answered('cluster_limit'));
    await expect(ensure(targetOf('a'), { above: 7 })).rejects.toEqual(problem('cluster_limit'));
    expect(admitted).toEqual(['a']);
  });
});

describe('a class whose starts fail', () => {
  const failStarts = async (rig: ReturnType<typeof startStarter>, keys: readonly string[], code = 'image_error') => {
    for (const key of keys) {
      const next = rig.asked.length;
      const waiting = rig.ensure(targetOf(key));
      (await rig.call(next)).fail(new Problem(code as 'image_error', { detail: 'no such image' }));
      await expect(waiting).rejects.toEqual(problem(code));
    }
  };

  it('starts nothing for a while after 5 sessions in a row; sessions with a pod are not affected', async () => {
    const rig = startStarter();
    await failStarts(rig, ['a', 'b', 'c', 'd', 'e']);
    const error: unknown = await rig.ensure(targetOf('f')).catch((reason: unknown) => reason);
    expect(error).toEqual(problem('image_error'));
    expect((error as Problem).message).toMatch(/The last 5 starts of class "default" failed; .* within 30 s/);
    expect(rig.admitted).not.toContain('f');
    rig.show(rig.routeTo('g', 7));
    const served = rig.ensure(targetOf('g'), { above: 0 });
    (await rig.call(5)).answer(readyWith(7, { start: 'existing' }));
    await served;
  });

  it('is not one whose starts fail for other reasons, nor one with a session that fails again and again', async () => {
    const rig = startStarter();
    await failStarts(rig, ['a', 'b', 'c', 'd', 'e'], 'session_deleted');
    await failStarts(rig, ['a', 'a', 'a', 'a', 'a', 'a']);
    await failStarts(rig, ['f']);
  });

  it('tries one session after 30 s, and opens or closes by it', () => {
    let nowMs = 0;
    const breaker = createStartBreaker(() => nowMs);
    const isHeldBack = (key: string): boolean => {
      try {
        breaker.pass('default', key);
        return false;
      } catch (error) {
        expect(error).toEqual(problem('start_crash'));
        return true;
      }
    };
    for (const key of ['a', 'b', 'c', 'd']) breaker.failed('default', key, 'start_crash');
    expect(isHeldBack('f')).toBe(false);
    breaker.failed('default', 'e', 'start_crash');
    expect(isHeldBack('f')).toBe(true);
    // Its own run holds it back.
    expect(isHeldBack('a')).toBe(false);
    nowMs += 30_001;
    expect([isHeldBack('f'), isHeldBack('g')]).toEqual([false, true]);
    breaker.failed('default', 'f', 'start_crash');
    expect(isHeldBack('g')).toBe(true);
    nowMs += 30_001;
    expect([isHeldBack('g'), isHeldBack('h')]).toEqual([false, true]);
    breaker.pending('default', 'g');
    nowMs += 20_000;
    expect(isHeldBack('h')).toBe(true);
    // Whoever waited for it has gone, and nobody heard of it again.
    nowMs += 20_000;
    expect([isHeldBack('h'), isHeldBack('i')]).toEqual([false, true]);
    breaker.undecided('default', 'h');
    expect([isHeldBack('i'), isHeldBack('j')]).toEqual([false, true]);
    breaker.succeeded('default');
    expect([isHeldBack('j'), isHeldBack('k')]).toEqual([false, false]);
  });

  it('does not hold another class back', () => {
    const breaker = createStartBreaker();
    for (const key of ['a', 'b', 'c', 'd', 'e']) breaker.failed('gpu', key, 'unschedulable');
    expect(() => breaker.pass('gpu', 'f')).toThrow(Problem);
    expect(() => breaker.pass('default', 'f')).not.toThrow();
  });
});

describe('a request whose client has left', () => {
  it('starts nothing', async () => {
    const { ensure, asked, starter } = startStarter();
    await expect(ensure(targetOf('a'), { signal: AbortSignal.abort() })).rejects.toEqual(problem('starting'));
    await settle();
    expect([asked, starter.waiting]).toEqual([[], 0]);
  });

  it('is told of the shutdown that cut it', async () => {
    const { ensure, call } = startStarter();
    const cut = new AbortController();
    const waiting = ensure(targetOf('a'), { signal: cut.signal });
    await call(0);
    cut.abort(new Problem('shutting_down'));
    await expect(waiting).rejects.toEqual(problem('shutting_down'));
  });
});
