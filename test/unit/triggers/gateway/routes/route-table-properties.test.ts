import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { SessionPodView } from '../../../../../domain/sessions/routes/read-session-pod.ts';
import type { Route } from '../../../../../triggers/gateway/routes/route-table.ts';
import { propertySeed } from '../../../../helpers/properties.ts';
import { createRouteRig, podView, routeAnswer } from './route-rig.ts';

const keys = ['a', 'b'].map((letter) => letter.repeat(26));

/** What happens to the pod of `incarnation` of a session, in any order. */
const step = fc.record({
  key: fc.constantFrom(...keys),
  incarnation: fc.integer({ min: 1, max: 4 }),
  what: fc.constantFrom('start', 'ready', 'unready', 'terminate', 'delete', 'offer', 'drop', 'wait', 'abort', 'list'),
});

interface Waiting {
  readonly key: string;
  readonly above: number;
  readonly abort: AbortController;
  got: Route | undefined | 'waiting';
}

/** The pods there are, as a witness keeps them apart from the table. */
function createWorld() {
  const { table, metrics } = createRouteRig();
  const shown = new Map<string, SessionPodView>();
  const deleted = new Set<string>();
  /** Dropped at this version. */
  const dropped = new Map<string, string>();
  const waiting: Waiting[] = [];
  let version = 1;
  const uidOf = (key: string, incarnation: number) => `${key.charAt(0)}${incarnation}`;
  const show = (key: string, incarnation: number, parts: Partial<SessionPodView>) => {
    const uid = uidOf(key, incarnation);
    if (deleted.has(uid)) return;
    version += 1;
    const view = podView({ key, incarnation, uid, ...parts, version: String(version) });
    shown.set(uid, view);
    dropped.delete(uid);
    table.see(view);
  };
  const act = async ({ key, incarnation, what }: { key: string; incarnation: number; what: string }) => {
    const uid = uidOf(key, incarnation);
    const before = shown.get(uid);
    if (what === 'start') show(key, incarnation, { routable: false });
    if (what === 'ready' && before?.deleting !== true) show(key, incarnation, {});
    if (what === 'unready' && before !== undefined)
      show(key, incarnation, { routable: false, deleting: before.deleting });
    if (what === 'terminate' && before !== undefined) show(key, incarnation, { routable: false, deleting: true });
    if (what === 'delete' && before !== undefined) {
      version += 1;
      shown.delete(uid);
      deleted.add(uid);
      table.remove(uid, String(version));
      // A list that is late by one event.
      table.see(before);
    }
    if (what === 'offer') {
      table.offer(routeAnswer({ key, incarnation, podUid: uid }));
      if (table.find(key)?.podUid === uid) dropped.delete(uid);
    }
    if (what === 'drop') {
      const route = table.find(key);
      if (route !== undefined) {
        table.drop(route);
        dropped.set(route.podUid, route.version);
      }
    }
    if (what === 'wait') {
      const one: Waiting = { key, above: incarnation, abort: new AbortController(), got: 'waiting' };
      waiting.push(one);
      void table.next(key, incarnation, one.abort.signal).then((route) => (one.got = route));
    }
    if (what === 'abort') waiting.find((one) => one.key === key && one.got === 'waiting')?.abort.abort();
    if (what === 'list') table.listed('sessions');
    await Promise.resolve();
    await Promise.resolve();
    await Promise.resolve();
  };
  return { table, metrics, shown, deleted, dropped, waiting, act };
}

async function gaugeOf({ metrics }: ReturnType<typeof createWorld>): Promise<number | undefined> {
  return (await metrics.sessionPodsActive.get()).values[0]?.value;
}

it(`whatever happens in whatever order, routes are right and nobody waits in vain (PODKEEPER_TEST_SEED=${propertySeed})`, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
      const world = createWorld();
      const { table, shown, deleted, dropped, waiting } = world;
      for (const one of steps) {
        await world.act(one);
        let routes = 0;
        for (const key of keys) {
          const route = table.find(key);
          if (route === undefined) continue;
          routes += 1;
          const view = shown.get(route.podUid);
          expect(deleted).not.toContain(route.podUid);
          expect(view?.deleting).not.toBe(true);
          expect(dropped.get(route.podUid)).not.toBe(route.version);
          for (const { key: theirs, incarnation } of shown.values()) {
            if (theirs === key) expect(incarnation).toBeLessThanOrEqual(route.incarnation);
          }
          for (const { got, above, key: theirs } of waiting) {
            if (theirs === key && got === 'waiting') expect(above).toBeGreaterThanOrEqual(route.incarnation);
          }
        }
        // What is ready, newest, and neither dropped nor outdone is routed to.
        for (const view of shown.values()) {
          const peers = [...shown.values()].filter(({ key }) => key === view.key);
          const newest = peers.every(({ incarnation }) => incarnation <= view.incarnation);
          const ever = [...deleted, ...shown.keys()].filter((uid) => uid.startsWith(view.key.charAt(0)));
          const outdone = ever.some((uid) => Number(uid.slice(1)) > view.incarnation) || steps.some(isOfferAbove(view));
          if (view.routable && newest && !dropped.has(view.uid) && !outdone) {
            expect(table.find(view.key)?.podUid).toBe(view.uid);
          }
        }
        const stillWaiting = waiting.filter(({ got }) => got === 'waiting');
        expect(table.sizes().waiters).toBe(stillWaiting.length);
        for (const { got, above } of waiting) {
          if (got !== 'waiting' && got !== undefined) expect(got.incarnation).toBeGreaterThan(above);
        }
        expect(await gaugeOf(world)).toBe(routes);
      }
      for (const { abort } of waiting) abort.abort();
      for (const key of keys) for (let n = 1; n <= 4; n++) table.remove(`${key.charAt(0)}${n}`, '1000');
      expect(table.sizes()).toMatchObject({ pods: 0, sessions: 0, waiters: 0 });
      expect(await gaugeOf(world)).toBe(0);
    }),
    { seed: propertySeed, numRuns: 300 },
  );
});

function isOfferAbove(view: SessionPodView) {
  return (step: { readonly key: string; readonly incarnation: number; readonly what: string }) =>
    step.what === 'offer' && step.key === view.key && step.incarnation > view.incarnation;
}

it('10,000 sessions take little memory', () => {
  const { table } = createRouteRig();
  const before = process.memoryUsage().heapUsed;
  const seeAll = (version: number) => {
    for (let session = 0; session < 10_000; session++) {
      const key = `k${session}`;
      const address = `10.${session >> 8}.${session & 255}.1`;
      table.see(podView({ key, uid: `uid-${session}`, name: `s-${key}-7`, address, version: String(version) }));
    }
  };
  seeAll(1);
  seeAll(2);
  expect(table.sizes()).toMatchObject({ pods: 10_000, sessions: 10_000 });
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(64_000_000);
});
