import { describe, expect, it } from '@jest/globals';
import { createRouteRig, podView, routeAnswer, sessionKey } from './route-rig.ts';

const other = 'b'.repeat(26);
const address = '10.0.0.9';

describe('a route table', () => {
  it('is ready once every namespace was listed', () => {
    const { table } = createRouteRig();
    table.follow(['other']);
    table.listed('other');
    expect(table.notReady()).toBe('the session pods of namespace sessions are not listed yet');
    table.listed('sessions');
    expect(table.notReady()).toBeUndefined();
  });

  it('is stale when a watch was not heard of for 90 s, and goes on routing', () => {
    const { table, pass } = createRouteRig();
    table.listed('sessions');
    table.see(podView());
    pass(90_000);
    expect(table.isStale()).toBe(false);
    pass(1);
    expect(table.isStale()).toBe(true);
    expect(table.find(sessionKey)?.podUid).toBe('u7');
    table.heard('sessions');
    expect(table.isStale()).toBe(false);
  });

  it('is stale when its first list takes longer than 90 s', () => {
    const { table, pass } = createRouteRig();
    expect(table.isStale()).toBe(false);
    pass(90_001);
    expect(table.isStale()).toBe(true);
  });
});

describe('an address', () => {
  const rigWith = (...views: readonly Parameters<typeof podView>[0][]) => {
    const rig = createRouteRig();
    rig.table.listed('sessions');
    for (const view of views) rig.table.see(podView({ address, ...view }));
    return { ...rig, trusted: (key = sessionKey) => rig.table.mayTrustAddress(rig.table.find(key)!) };
  };

  it('is trusted while one pod carries it and the watch is fresh', () => {
    const { trusted, pass } = rigWith({});
    expect(trusted()).toBe(true);
    pass(90_001);
    expect(trusted()).toBe(false);
  });

  it('is not trusted in a namespace that is not watched', () => {
    expect(rigWith({ namespace: 'elsewhere' }).trusted()).toBe(false);
  });

  it('is trusted on neither of two pods, until the deletion of the other was seen', () => {
    const { table, trusted } = rigWith({ key: other, uid: 'b1' }, {});
    expect([trusted(), trusted(other)]).toEqual([false, false]);
    table.see(podView({ key: other, uid: 'b1', address, routable: false, deleting: true, version: '20' }));
    expect(trusted()).toBe(false);
    table.remove('b1', '21');
    expect(trusted()).toBe(true);
  });

  it('is trusted again when all containers of the other have ended, or it has another address', () => {
    const { table, trusted } = rigWith({ key: other, uid: 'b1' }, {});
    table.see(podView({ key: other, uid: 'b1', address, routable: false, ended: true, version: '20' }));
    expect(trusted()).toBe(true);
    table.see(podView({ key: other, uid: 'b1', address, version: '21' }));
    expect(trusted()).toBe(false);
    table.see(podView({ key: other, uid: 'b1', address: '10.0.0.2', version: '22' }));
    expect(trusted()).toBe(true);
  });

  it('is not trusted while a pod carries it that is not served at all', () => {
    expect(rigWith({}, { key: other, uid: 'b1', owner: 'k1.forged' }).trusted()).toBe(false);
  });

  it("is trusted by a run's answer while the watch shows it on no other pod", () => {
    const { table, trusted } = rigWith();
    table.offer(routeAnswer({ address }));
    expect(trusted()).toBe(true);
    table.see(podView({ key: other, uid: 'b1', address }));
    expect(trusted()).toBe(false);
  });

  it('is not trusted when its pod is at another address by now, or gone', () => {
    const { table } = rigWith({});
    const before = table.find(sessionKey)!;
    table.see(podView({ address: '10.0.0.2', version: '11' }));
    expect(table.mayTrustAddress(before)).toBe(false);
    const now = table.find(sessionKey)!;
    table.remove('u7', '12');
    expect(table.mayTrustAddress(now)).toBe(false);
  });
});
