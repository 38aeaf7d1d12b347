import { describe, expect, it } from '@jest/globals';
import { createRouteRig, podView, routeAnswer, sessionKey } from './route-rig.ts';

const never = new AbortController().signal;

function rigWith(...views: readonly Parameters<typeof podView>[0][]) {
  const rig = createRouteRig();
  for (const view of views) rig.table.see(podView(view));
  const served = () => rig.table.find(sessionKey)?.podUid;
  return { ...rig, served };
}

describe('a session is routed to', () => {
  it('its pod once that is ready, with the port and key that pod has', () => {
    const { table, served } = rigWith({ routable: false, version: '9' });
    expect(served()).toBeUndefined();
    table.see(podView());
    expect(table.find(sessionKey)).toEqual({ ...routeAnswer(), version: '10' });
  });

  it('the pod of the highest incarnation only, from the moment that is there', () => {
    const { table, served } = rigWith({}, { incarnation: 8, routable: false, version: '20' });
    expect(served()).toBeUndefined();
    table.see(podView({ incarnation: 8, version: '21' }));
    expect(served()).toBe('u8');
    table.see(podView({ version: '22' }));
    expect(served()).toBe('u8');
  });

  it('no pod that was outdone once, though the newer one is gone, unless a run names it', () => {
    const { table, served } = rigWith();
    table.offer(routeAnswer());
    table.see(podView());
    table.offer(routeAnswer({ incarnation: 8, podUid: 'u8' }));
    table.remove('u8', '30');
    table.see(podView({ version: '31' }));
    expect(served()).toBeUndefined();
    table.see(podView({ incarnation: 9, version: '32' }));
    table.remove('u9', '33');
    expect(served()).toBeUndefined();
    expect(table.offer(routeAnswer())?.podUid).toBe('u7');
    expect(served()).toBe('u7');
  });

  it.each([
    ['is being deleted', { routable: false, deleting: true }],
    ['has ended', { routable: false, ended: true }],
    ['is not ready any more', { routable: false }],
    ['has no port named http', { port: 0 }],
  ])('no pod that %s', (_why, parts) => {
    const { table, served } = rigWith({});
    table.see(podView({ ...parts, version: '11' }));
    expect(served()).toBeUndefined();
  });

  it('the pod as it was seen last, whatever comes late', () => {
    const { table } = rigWith({ address: '10.0.0.2', version: '12' }, { version: '11' });
    expect(table.find(sessionKey)?.address).toBe('10.0.0.2');
  });

  it('no deleted pod, whatever comes late, unless the watch shows something newer of it', () => {
    const { table, served } = rigWith({});
    table.remove('u7', '12');
    table.see(podView({ version: '11' }));
    expect(served()).toBeUndefined();
    table.see(podView({ version: '13' }));
    expect(served()).toBe('u7');
  });

  it('what a restored API server shows, whose versions are lower', () => {
    const { table, served } = rigWith({ version: '100' }, { incarnation: 8, key: 'b'.repeat(26), version: '101' });
    table.remove('u8', '102');
    table.forgetVersions();
    table.see(podView({ version: '5', address: '10.0.0.2' }));
    expect(served()).toBe('u7');
    expect(table.find(sessionKey)?.address).toBe('10.0.0.2');
    table.see(podView({ incarnation: 8, key: 'b'.repeat(26), version: '6' }));
    expect(table.find('b'.repeat(26))?.podUid).toBe('u8');
  });
});

describe('a pod that is not proved to be made by Podkeeper', () => {
  it('is not routed to, outdoes none, and is logged once, without its session', () => {
    const { table, served, log } = rigWith({}, { incarnation: 9, owner: 'k1.forged', version: '20' });
    table.see(podView({ incarnation: 9, owner: 'k1.forged', version: '21' }));
    table.see(podView({ incarnation: 6, name: 'copied', version: '22' }));
    expect(served()).toBe('u7');
    expect(log.lines().map(({ podUid }) => podUid)).toEqual(['u9', 'u6']);
    expect(log.text()).not.toContain(sessionKey);
  });

  it('is not routed to either when its class is not known here', () => {
    const { table, served, log } = rigWith({ class: 'other' }, { class: 'other', version: '11' });
    expect(served()).toBeUndefined();
    expect(table.offer(routeAnswer({ class: 'other' }))).toBeUndefined();
    expect(log.lines()).toHaveLength(1);
  });
});

describe("a run's answer", () => {
  it('is routed to before the watch shows the pod, and while it shows it from before', () => {
    const { table, served } = rigWith();
    expect(table.offer(routeAnswer())).toEqual(routeAnswer());
    table.see(podView({ routable: false, version: '8' }));
    expect(served()).toBe('u7');
    table.see(podView());
    expect(table.find(sessionKey)?.version).toBe('10');
    table.see(podView({ routable: false, version: '11' }));
    expect(served()).toBeUndefined();
  });

  it('is not taken when the deletion of its pod was seen in the last 10 minutes', () => {
    const { table, pass } = rigWith({});
    table.see(podView({ deleting: true, routable: false, version: '11' }));
    expect(table.offer(routeAnswer())).toBeUndefined();
    table.remove('u7', '12');
    expect(table.offer(routeAnswer())).toBeUndefined();
    pass(599_000);
    expect(table.offer(routeAnswer())).toBeUndefined();
    pass(2000);
    expect(table.offer(routeAnswer())?.podUid).toBe('u7');
  });

  it('is not taken when a newer pod is known, and never replaces what the watch shows', () => {
    const { table } = rigWith({ incarnation: 8 });
    expect(table.offer(routeAnswer())?.podUid).toBe('u8');
    expect(table.offer(routeAnswer({ incarnation: 8, podUid: 'u8', address: '10.9.9.9' }))?.address).toBe('10.0.0.8');
  });

  it('that was late for a newer pod does not count when that is gone', () => {
    const { table, served } = rigWith({ incarnation: 8 });
    table.offer(routeAnswer());
    table.see(podView({ version: '20' }));
    table.remove('u8', '30');
    expect(served()).toBeUndefined();
  });

  it('counts until the watch, which has caught up with the pod, shows that it is not ready any more', () => {
    const { table, served } = rigWith({});
    table.drop(table.find(sessionKey)!);
    table.offer(routeAnswer());
    table.see(podView({ routable: false, version: '11' }));
    expect(served()).toBeUndefined();
  });

  it('of a newer pod replaces the one that is routed to', () => {
    const { table, served } = rigWith({});
    table.offer(routeAnswer({ incarnation: 8, podUid: 'u8' }));
    expect(served()).toBe('u8');
  });

  it('of a pod that no list shows is forgotten after a minute', () => {
    const { table, served, pass } = rigWith();
    table.offer(routeAnswer());
    table.listed('sessions');
    expect(served()).toBe('u7');
    pass(60_001);
    table.listed('elsewhere');
    expect(served()).toBe('u7');
    table.listed('sessions');
    expect(served()).toBeUndefined();
  });
});

describe('a dropped route', () => {
  it('comes back with a newer version of its pod, not with the same', () => {
    const { table, served } = rigWith({});
    table.drop(table.find(sessionKey)!);
    expect(served()).toBeUndefined();
    table.see(podView());
    expect(served()).toBeUndefined();
    table.see(podView({ version: '11' }));
    expect(served()).toBe('u7');
  });

  it("comes back by a run's answer", () => {
    const { table, served } = rigWith({});
    table.drop(table.find(sessionKey)!);
    table.offer(routeAnswer());
    expect(served()).toBe('u7');
  });

  it('is not the one that has come since', () => {
    const { table, served } = rigWith({});
    const old = table.find(sessionKey)!;
    table.see(podView({ version: '11', address: '10.0.0.2' }));
    table.drop(old);
    expect(served()).toBe('u7');
  });
});

describe('those who wait for a newer pod', () => {
  it('get it when the watch or a run shows it, or at once when it is there', async () => {
    const { table } = rigWith({});
    expect((await table.next(sessionKey, 6, never))?.podUid).toBe('u7');
    const [byWatch, byRun] = [table.next(sessionKey, 7, never), table.next('b'.repeat(26), 0, never)];
    table.see(podView({ incarnation: 8 }));
    table.offer(routeAnswer({ key: 'b'.repeat(26), podUid: 'b1' }));
    expect((await byWatch)?.podUid).toBe('u8');
    expect((await byRun)?.podUid).toBe('b1');
    expect(table.sizes().waiters).toBe(0);
  });

  it('get nothing when they give up, and are forgotten', async () => {
    const { table } = rigWith();
    const abort = new AbortController();
    const waiting = table.next(sessionKey, 0, abort.signal);
    expect(table.sizes().waiters).toBe(1);
    abort.abort();
    expect(await waiting).toBeUndefined();
    expect(table.sizes().waiters).toBe(0);
    expect(await table.next(sessionKey, 0, abort.signal)).toBeUndefined();
  });
});

it('those who ask are told of pods no longer routed to, and the gauge counts those that are', async () => {
  const { table, metrics } = rigWith();
  const gone: string[] = [];
  table.onGone((uid, key) => gone.push(`${uid} ${key === sessionKey}`));
  table.see(podView());
  table.see(podView({ version: '11' }));
  expect(gone).toEqual([]);
  table.offer(routeAnswer({ incarnation: 8, podUid: 'u8' }));
  expect(table.countByClass()).toEqual(new Map([['plain', 1]]));
  table.remove('u8', '20');
  expect(gone).toEqual(['u7 true', 'u8 true']);
  expect((await metrics.sessionPodsActive.get()).values).toMatchObject([{ labels: { class: 'plain' }, value: 0 }]);
});
