import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Problem } from '../../../../../triggers/http/problems/problem.ts';
import { propertySeed } from '../../../../helpers/properties.ts';
import { type AskedRun, readyWith, settle, startStarter, targetOf } from './starter-rig.ts';

const key = fc.constantFrom('a', 'b');
const incarnation = fc.integer({ min: 1, max: 4 });
const maybe = fc.option(incarnation, { nil: undefined });
const step = fc.oneof(
  fc.record({
    do: fc.constant('ensure' as const),
    key,
    suspect: maybe,
    unpublished: maybe,
    above: fc.integer({ min: 0, max: 3 }),
    asked: fc.constantFrom(null, null, null, 'gpu'),
    holdMs: fc.constantFrom(1, 10, 60_000, 60_000),
  }),
  fc.record({ do: fc.constant('ready' as const), pick: fc.nat(), incarnation }),
  fc.record({ do: fc.constant('starting' as const), pick: fc.nat() }),
  fc.record({ do: fc.constant('fail' as const), pick: fc.nat() }),
  fc.record({ do: fc.constant('leave' as const), pick: fc.nat() }),
  fc.record({ do: fc.constant('show' as const), key, incarnation }),
  fc.record({ do: fc.constant('gone' as const), key, incarnation }),
  fc.record({ do: fc.constant('pause' as const), ms: fc.integer({ min: 0, max: 3 }) }),
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** Plays the steps, then lets every run answer; answers how the requests ended. */
async function play(steps: readonly Step[]) {
  const rig = startStarter();
  const requests: { readonly leave: AbortController; end: 'ready' | Problem | undefined; settled: number }[] = [];
  const picked = (pick: number): AskedRun | undefined => [...rig.open][pick % Math.max(1, rig.open.size)];

  for (const next of steps) {
    switch (next.do) {
      case 'ensure': {
        const { suspect, unpublished, above } = next;
        const leave = new AbortController();
        const request = { leave, end: undefined as 'ready' | Problem | undefined, settled: 0 };
        requests.push(request);
        const deadlineMs = performance.now() + next.holdMs;
        const doubts = { ...(suspect !== undefined && { suspect }), ...(unpublished !== undefined && { unpublished }) };
        rig
          .ensure(targetOf(next.key, { askedClass: next.asked }), {
            above,
            deadlineMs,
            signal: leave.signal,
            ...doubts,
          })
          .then(
            () => {
              request.end = 'ready';
              request.settled += 1;
            },
            (error: unknown) => {
              request.end = error as Problem;
              request.settled += 1;
            },
          );
        break;
      }
      case 'ready':
        picked(next.pick)?.answer(readyWith(next.incarnation));
        break;
      case 'starting':
        picked(next.pick)?.answer({ state: 'starting', reason: 'so' });
        break;
      case 'fail':
        picked(next.pick)?.fail(new Problem('session_deleted'));
        break;
      case 'leave':
        requests[next.pick % Math.max(1, requests.length)]?.leave.abort();
        break;
      case 'show':
        rig.show(rig.routeTo(next.key, next.incarnation));
        break;
      case 'gone':
        rig.tombstones.add(`uid-${next.incarnation}`);
        rig.hide(next.key);
        break;
      case 'pause':
        await settle(next.ms);
    }
  }
  for (let round = 0; round < 2000 && rig.starter.waiting > 0; round += 1) {
    for (const call of rig.open) call.answer(readyWith(99, { podUid: 'fresh' }));
    await settle(2);
  }
  for (const call of rig.open) call.answer(readyWith(99, { podUid: 'fresh' }));
  await settle(2);
  return { rig, requests };
}

describe('requests that wait for sessions', () => {
  it(`each end once, by one update of a session at a time, whatever happens when (seed ${propertySeed})`, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 40 }), async (steps) => {
        const { rig, requests } = await play(steps);
        expect(requests.map(({ settled }) => settled)).toEqual(requests.map(() => 1));
        for (const { end } of requests) if (end !== 'ready') expect(end).toBeInstanceOf(Problem);
        expect(rig.mostOpenOfOne()).toBeLessThanOrEqual(1);
        expect([rig.starter.waiting, rig.watchersLeft(), rig.open.size]).toEqual([0, 0, 0]);
      }),
      { seed: propertySeed, numRuns: 60 },
    );
  }, 60_000);
});
