import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from '@jest/globals';
import { indexKnownObjects } from '../../../../platform/kubernetes/reflector/state/known-objects.ts';
import type { KnownObject } from '../../../../platform/kubernetes/reflector/types.ts';

const identity = (uid: string, name: string, version: string, namespace = 'default') => ({
  uid,
  namespace,
  name,
  version,
});

describe('the known objects', () => {
  it('are found by name, and a name goes to its newest holder', () => {
    const known = indexKnownObjects(new Map(), () => undefined);
    known.put(identity('one', 'db-0', '10'));
    known.put(identity('two', 'db-0', '20'));
    known.put(identity('zero', 'db-0', '5'));
    expect(known.holderOf(identity('', 'db-0', ''))).toBe('two');
    known.remove('two');
    expect(known.holderOf(identity('', 'db-0', ''))).toBeUndefined();
  });

  it('keep the newer version, unless they are told that the list is right', () => {
    const known = indexKnownObjects(new Map(), () => undefined);
    known.put(identity('one', 'db-0', '10'));
    known.put(identity('one', 'db-0', '9'));
    expect(known.get('one')?.version).toBe('10');
    known.replace(identity('one', 'db-0', '9'));
    expect(known.get('one')?.version).toBe('9');
  });

  it('tell how many there are', () => {
    let size = 0;
    const map = new Map<string, KnownObject>([['one', { namespace: 'a', name: 'b', version: '1' }]]);
    const known = indexKnownObjects(map, (difference) => (size += difference));
    known.put(identity('two', 'c', '2'));
    known.put(identity('two', 'c', '3'));
    known.remove('one');
    known.remove('one');
    expect(size).toBe(1);
    expect(known.size).toBe(1);
  });

  it('take less than 75 MB for 150,000 pods', () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    // As they come: every string is parsed anew, the namespace of each pod too.
    const parsed = (index: number) =>
      JSON.parse(
        JSON.stringify(
          identity(
            `0f8fad5b-d9cb-469f-a165-${String(index).padStart(12, '0')}`,
            `payments-api-7d9f8b6c5d-${index.toString(36)}`,
            String(900_000_000 + index),
            `team-${index % 200}-production`,
          ),
        ),
      ) as ReturnType<typeof identity>;
    const map = new Map<string, KnownObject>();
    collect();
    const before = process.memoryUsage().heapUsed;
    const known = indexKnownObjects(map, () => undefined);
    for (let index = 0; index < 150_000; index++) known.put(parsed(index));
    collect();
    const megabytes = (process.memoryUsage().heapUsed - before) / 1024 / 1024;
    expect(known.size).toBe(150_000);
    expect(megabytes).toBeGreaterThan(10);
    expect(megabytes).toBeLessThan(75);
  });
});
