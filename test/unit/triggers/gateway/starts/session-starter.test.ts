import { describe, expect, it } from '@jest/globals';
import { Problem } from '../../../../../triggers/http/problems/problem.ts';
import { quickClass } from '../../../../helpers/sessions/session-runs.ts';
import { readyWith, settle, startStarter, targetOf } from './starter-rig.ts';

const problem = (code: string) => expect.objectContaining({ name: 'Problem', code });

describe('requests that wait for one session', () => {
  it('share one update of its run, and all get its pod', async () => {
    const { ensure, call, asked, starter, metrics } = startStarter();
    const waiting = Array.from({ length: 50 }, () => ensure(targetOf('a')));
    (await call(0)).answer(readyWith(7));
    for (const { route, start } of await Promise.all(waiting)) {
      expect([route.podUid, start]).toEqual(['uid-7', 'cold']);
    }
    expect(asked).toHaveLength(1);
    expect(starter.waiting).toBe(0);
    expect(await metrics.registry.metrics()).toContain('podkeeper_session_starts_total{start="cold"} 1');
  });

  it('are let go by the watch before the run answers', async () => {
    const { ensure, call, show, routeTo, watchersLeft } = startStarter();
    const waiting = ensure(targetOf('a'));
    await call(0);
    show(routeTo('a', 7));
    expect((await waiting).route.incarnation).toBe(7);
    await settle();
    expect(watchersLeft()).toBe(0);
  });

  it('join an update whose callers have all left', async () => {
    const { ensure, call, asked } = startStarter();
    const left = new AbortController();
    const first = ensure(targetOf('a'), { signal: left.signal });
    const { answer } = await call(0);
    left.abort();
    await expect(first).rejects.toEqual(problem('starting'));
    const second = ensure(targetOf('a'));
    await settle();
    expect(asked).toHaveLength(1);
    answer(readyWith(7));
    expect((await second).route.incarnation).toBe(7);
  });

  it('leave a pod in the routes also when nobody waits for it any more', async () => {
    const { ensure, call, starter } = startStarter();
    await expect(ensure(targetOf('a'), { deadlineMs: performance.now() + 10 })).rejects.toEqual(problem('starting'));
    expect(starter.waiting).toBe(0);
    const { answer } = await call(0);
    answer(readyWith(7));
    await settle();
    const next = ensure(targetOf('a'), { above: 0 });
    (await call(1)).answer(readyWith(7, { start: 'existing' }));
    expect((await next).start).toBe('existing');
  });

  it('ask again when the pod still starts, and tell why when their time is over', async () => {
    const { ensure, call, admitted } = startStarter();
    const waiting = ensure(targetOf('a'), { deadlineMs: performance.now() + 1500 });
    (await call(0)).answer({ state: 'starting', reason: '0/3 nodes are available' });
    (await call(1)).take();
    await expect(waiting).rejects.toEqual(
      expect.objectContaining({ code: 'starting', message: expect.stringContaining('0/3 nodes are available') }),
    );
    // The slot it has, it need not ask for again.
    expect(admitted).toEqual(['a']);
  });

  it('get the failure of the start', async () => {
    const { ensure, call } = startStarter();
    const waiting = [ensure(targetOf('a')), ensure(targetOf('a'))];
    (await call(0)).fail(new Problem('image_error', { detail: 'no such image' }));
    for (const one of waiting) await expect(one).rejects.toEqual(problem('image_error'));
  });

  it('report a bug as one', async () => {
    const { ensure, call } = startStarter();
    const waiting = ensure(targetOf('a'));
    (await call(0)).fail(new TypeError('x is undefined'));
    await expect(waiting).rejects.toEqual(problem('internal_error'));
  });

  it('are told that no worker answers only when none has taken the update for a while', async () => {
    const { ensure, call } = startStarter();
    const options = () => ({ deadlineMs: performance.now() + 5300 });
    const silent = ensure(targetOf('a'), options());
    const slow = ensure(targetOf('b'), options());
    (await call(1)).take();
    await expect(silent).rejects.toEqual(problem('orchestrator_unavailable'));
    await expect(slow).rejects.toEqual(problem('starting'));
  }, 20_000);
});

describe('a class that a request names', () => {
  it('is refused when the session has another, also by a request that joined', async () => {
    const { ensure, call } = startStarter();
    const plain = ensure(targetOf('a'));
    const other = ensure(targetOf('a', { askedClass: 'gpu', class: { ...quickClass, name: 'gpu' } }));
    const { request, answer } = await call(0);
    expect(request.class).toBeUndefined();
    answer(readyWith(7));
    expect((await plain).route.class).toBe('default');
    await expect(other).rejects.toEqual(problem('class_mismatch'));
  });

  it('is no fault of those who named none', async () => {
    const { ensure, call } = startStarter();
    const other = ensure(targetOf('a', { askedClass: 'gpu' }));
    const plain = ensure(targetOf('a'));
    const { request, fail } = await call(0);
    expect(request.class).toBe('gpu');
    fail(new Problem('class_mismatch'));
    await expect(other).rejects.toEqual(problem('class_mismatch'));
    (await call(1)).answer(readyWith(7));
    expect((await plain).route.incarnation).toBe(7);
  });

  it('is refused when the watch shows another', async () => {
    const { ensure, call, show, routeTo } = startStarter();
    const waiting = ensure(targetOf('a', { askedClass: 'gpu' }));
    await call(0);
    show(routeTo('a', 7));
    await expect(waiting).rejects.toEqual(problem('class_mismatch'));
  });
});

describe('a pod that could not be reached', () => {
  it('is reported once in 5 s, and its run may answer that it is well', async () => {
    const { ensure, call, show, routeTo, metrics, asked } = startStarter();
    show(routeTo('a', 7));
    const doubting = Array.from({ length: 5 }, () => ensure(targetOf('a'), { suspect: 7, above: 7 }));
    const { request, answer } = await call(0);
    expect(request.suspect).toBe(7);
    answer(readyWith(7, { start: 'existing' }));
    for (const { route } of await Promise.all(doubting)) expect(route.incarnation).toBe(7);
    const again = ensure(targetOf('a'), { suspect: 7, above: 7 });
    const second = await call(1);
    expect(second.request.suspect).toBeUndefined();
    second.answer(readyWith(7, { start: 'existing' }));
    await again;
    expect(asked).toHaveLength(2);
    expect(await metrics.registry.metrics()).toContain('podkeeper_session_suspects_total 1');
  });

  it('is reported after an update that was under way, and not believed to be well by that', async () => {
    const { ensure, call } = startStarter();
    const plain = ensure(targetOf('a'));
    const first = await call(0);
    const doubting = ensure(targetOf('a'), { suspect: 7, above: 7 });
    first.answer(readyWith(7, { start: 'existing' }));
    expect((await plain).route.incarnation).toBe(7);
    const second = await call(1);
    expect(second.request.suspect).toBe(7);
    second.answer(readyWith(8, { start: 'healed' }));
    expect((await doubting).route.incarnation).toBe(8);
  });

  it('is replaced also while Redis is away and its class fails', async () => {
    const { ensure, call, onAdmit, admitted } = startStarter();
    onAdmit(() => ({ ok: false, reason: 'down' }));
    const waiting = ensure(targetOf('a'), { suspect: 7, above: 7 });
    (await call(0)).answer(readyWith(8, { start: 'healed' }));
    expect((await waiting).start).toBe('healed');
    expect(admitted).toEqual([]);
  });

  it('is looked at when its run names it after the watch has seen it go', async () => {
    const { ensure, call, tombstones } = startStarter();
    tombstones.add('uid-7');
    const waiting = ensure(targetOf('a'));
    (await call(0)).answer(readyWith(7, { start: 'existing' }));
    const second = await call(1);
    expect(second.request.suspect).toBe(7);
    second.answer(readyWith(8, { start: 'healed' }));
    expect((await waiting).route.incarnation).toBe(8);
  });

  it('tells its run how long the first request has waited, so that a pod made meanwhile is not called existing', async () => {
    const { ensure, call } = startStarter();
    const waiting = ensure(targetOf('a'));
    const first = await call(0);
    expect(first.request.waitedMs).toBeLessThan(100);
    await new Promise((resolve) => setTimeout(resolve, 120));
    first.answer({ state: 'starting', reason: 'its pod is being created' });
    const second = await call(1);
    expect(second.request.waitedMs).toBeGreaterThanOrEqual(119);
    second.answer(readyWith(7));
    await waiting;
  });

  it('whose record Redis has lost is published again before its run answers', async () => {
    const { ensure, call, show, routeTo } = startStarter();
    show(routeTo('a', 7));
    const plain = ensure(targetOf('a'), { above: 7 });
    const first = await call(0);
    const missing = ensure(targetOf('a'), { above: 7, unpublished: 7 });
    first.answer(readyWith(7, { start: 'existing' }));
    await plain;
    const second = await call(1);
    expect(second.request.unpublished).toBe(7);
    second.answer(readyWith(7, { start: 'existing' }));
    expect((await missing).route.incarnation).toBe(7);
  });
});
