import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createTurns } from '../../../../../triggers/http/pod-events/turns.ts';
import { propertySeed } from '../../../../helpers/properties.ts';

const nextTask = () => new Promise((resolve) => setImmediate(resolve));

describe(`turns (PODKEEPER_TEST_SEED=${propertySeed})`, () => {
  it('run so many jobs at once, one a key, in the order they came, whether they succeed or not', async () => {
    const jobs = fc.array(fc.record({ key: fc.constantFrom('a', 'b', 'c', 'd'), ms: fc.nat(3), fails: fc.boolean() }), {
      maxLength: 30,
    });
    await fc.assert(
      fc.asyncProperty(jobs, fc.integer({ min: 1, max: 5 }), async (list, concurrency) => {
        const turns = createTurns(concurrency);
        const running = new Set<string>();
        const started: number[] = [];
        const results = await Promise.allSettled(
          list.map(({ key, ms, fails }, index) =>
            turns.run(key, async () => {
              expect(running.has(key)).toBe(false);
              running.add(key);
              expect(running.size).toBeLessThanOrEqual(concurrency);
              started.push(index);
              for (let waited = 0; waited < ms; waited += 1) await nextTask();
              running.delete(key);
              if (fails) throw new Error('failed');
              return index;
            }),
          ),
        );
        expect(results.map(({ status }) => status === 'rejected')).toEqual(list.map(({ fails }) => fails));
        for (const key of ['a', 'b', 'c', 'd']) {
          const ofKey = started.filter((index) => list[index]?.key === key);
          expect(ofKey).toEqual([...ofKey].sort((a, b) => a - b));
        }
      }),
      { seed: propertySeed },
    );
  });

  it('let others pass a key that is busy', async () => {
    const turns = createTurns(2);
    const order: string[] = [];
    let release = (): void => undefined;
    const held = turns.run('a', () => new Promise<void>((resolve) => (release = resolve)));
    const second = turns.run('a', () => Promise.resolve(order.push('second of a')));
    await turns.run('b', () => Promise.resolve(order.push('b')));
    release();
    await Promise.all([held, second]);
    expect(order).toEqual(['b', 'second of a']);
  });
});
