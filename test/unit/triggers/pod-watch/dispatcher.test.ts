import { describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import type { PodChange } from '../../../../domain/pods/pod-change.ts';
import { createDispatcher, type Dispatcher, type Lane } from '../../../../triggers/pod-watch/dispatch/dispatcher.ts';
import { leftScope } from '../../../helpers/pod-changes.ts';
import { propertySeed } from '../../../helpers/properties.ts';

interface Sent {
  readonly uid: string;
  readonly versions: readonly string[];
  readonly lane: Lane;
}

const versionOf = (change: PodChange): string => ('snapshot' in change ? change.snapshot.version : change.version);

interface Rig {
  readonly dispatcher: Dispatcher;
  readonly sent: Sent[];
  readonly accepted: string[];
  readonly push: (uid: string, version: number, urgent?: boolean) => void;
}

/** A dispatcher whose sends take as long and end as `send` says. */
function rig(parts: {
  readonly coalesceMs?: number;
  readonly concurrency?: number;
  readonly send?: (batch: Sent) => Promise<boolean>;
}): Rig {
  const sent: Sent[] = [];
  const accepted: string[] = [];
  const dispatcher = createDispatcher({
    coalesceMs: parts.coalesceMs ?? 20,
    concurrency: parts.concurrency ?? 4,
    send: (pod, changes, lane) => {
      const batch = { uid: pod.uid, versions: changes.map(versionOf), lane };
      sent.push(batch);
      return parts.send?.(batch) ?? Promise.resolve(true);
    },
  });
  return {
    dispatcher,
    sent,
    accepted,
    push: (uid, version, urgent = false) =>
      dispatcher.push({
        pod: { uid, namespace: 'shop', name: uid },
        change: leftScope(version),
        urgent,
        accepted: () => accepted.push(`${uid}@${version}`),
      }),
  };
}

describe('the dispatcher', () => {
  it('sends the changes of one pod within the window together and in order', async () => {
    const { push, sent, accepted, dispatcher } = rig({});
    push('a', 1);
    push('a', 2);
    push('b', 1);
    expect(sent).toEqual([]);
    await dispatcher.below(1);
    expect(sent).toEqual([
      { uid: 'a', versions: ['1', '2'], lane: 'normal' },
      { uid: 'b', versions: ['1'], lane: 'normal' },
    ]);
    expect(accepted).toEqual(['a@1', 'a@2', 'b@1']);
  });

  it('sends an urgent change at once, with what waited for the same pod before it', () => {
    const { push, sent } = rig({ coalesceMs: 60_000 });
    push('a', 1);
    push('a', 2, true);
    expect(sent).toEqual([{ uid: 'a', versions: ['1', '2'], lane: 'urgent' }]);
  });

  it('lets urgent pods pass the others when all senders are busy', async () => {
    const gate = Promise.withResolvers<boolean>();
    const { push, sent, dispatcher } = rig({
      coalesceMs: 1,
      concurrency: 1,
      send: ({ uid }) => (uid === 'first' ? gate.promise : Promise.resolve(true)),
    });
    push('first', 1, true);
    push('normal', 1);
    await sleep(20);
    push('urgent', 1, true);
    push('normal', 2);
    gate.resolve(true);
    await dispatcher.below(1);
    expect(sent.map(({ uid, versions }) => `${uid} ${versions.join()}`)).toEqual(['first 1', 'urgent 1', 'normal 1,2']);
  });

  it('drains without waiting for the windows, also what comes while it drains', async () => {
    const { push, sent, dispatcher } = rig({ coalesceMs: 60_000 });
    push('a', 1);
    const drained = dispatcher.drain();
    push('b', 1);
    await drained;
    expect(sent.map(({ uid }) => uid)).toEqual(['a', 'b']);
    expect(dispatcher.depth()).toBe(0);
  });

  it('never calls what was not accepted accepted', async () => {
    const { push, accepted, dispatcher } = rig({ send: ({ uid }) => Promise.resolve(uid !== 'refused') });
    push('refused', 1, true);
    push('taken', 1, true);
    await dispatcher.drain();
    expect(accepted).toEqual(['taken@1']);
  });

  it('wakes who waits for room as soon as there is room', async () => {
    const gate = Promise.withResolvers<boolean>();
    const { push, dispatcher } = rig({ send: () => gate.promise });
    push('a', 1, true);
    push('b', 1, true);
    let woken = false;
    const waiting = dispatcher.below(2).then(() => (woken = true));
    await sleep(5);
    expect(woken).toBe(false);
    gate.resolve(true);
    await waiting;
    await dispatcher.below(3);
  });

  it(`loses nothing and keeps each pod's order under any load (PODKEEPER_TEST_SEED=${propertySeed})`, async () => {
    const load = fc.record({
      concurrency: fc.integer({ min: 1, max: 5 }),
      coalesceMs: fc.integer({ min: 0, max: 4 }),
      pushes: fc.array(
        fc.record({
          uid: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g'),
          urgent: fc.boolean(),
          pauseMs: fc.constantFrom(0, 0, 0, 1, 3),
          sendMs: fc.constantFrom(0, 0, 1, 2),
        }),
        { maxLength: 80 },
      ),
    });
    await fc.assert(
      fc.asyncProperty(load, async ({ concurrency, coalesceMs, pushes }) => {
        const inFlight: string[] = [];
        let sends = 0;
        const { push, sent, accepted, dispatcher } = rig({
          concurrency,
          coalesceMs,
          send: async ({ uid }) => {
            expect(inFlight).not.toContain(uid);
            inFlight.push(uid);
            expect(inFlight.length).toBeLessThanOrEqual(concurrency);
            sends += 1;
            await sleep(pushes[sends % pushes.length]!.sendMs);
            inFlight.splice(inFlight.indexOf(uid), 1);
            return true;
          },
        });
        for (const [index, { uid, urgent, pauseMs }] of pushes.entries()) {
          push(uid, index, urgent);
          if (pauseMs > 0) await sleep(pauseMs);
        }
        await dispatcher.drain();
        const expected = (uid: string) => pushes.flatMap((one, index) => (one.uid === uid ? [String(index)] : []));
        for (const uid of new Set(pushes.map((one) => one.uid))) {
          expect(sent.filter((one) => one.uid === uid).flatMap(({ versions }) => versions)).toEqual(expected(uid));
        }
        expect(new Set(accepted).size).toBe(pushes.length);
        expect(accepted).toHaveLength(pushes.length);
        expect(dispatcher.depth()).toBe(0);
      }),
      { seed: propertySeed, numRuns: 40 },
    );
  }, 30_000);
});
