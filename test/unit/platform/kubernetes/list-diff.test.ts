import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createListDiff } from '../../../../platform/kubernetes/reflector/list/list-diff.ts';
import { indexKnownObjects } from '../../../../platform/kubernetes/reflector/state/known-objects.ts';
import type { KnownObject, ReflectorEvent } from '../../../../platform/kubernetes/reflector/types.ts';
import { type TestObject, knownFrom, pod } from '../../../helpers/kubernetes/objects.ts';
import { check, propertySeed } from '../../../helpers/properties.ts';

/** Objects of a small world, so that names come back under other UIDs; at most one per name, as in a cluster. */
const objects = fc
  .uniqueArray(
    fc.record({
      name: fc.constantFrom('a', 'b', 'c', 'd'),
      namespace: fc.constantFrom('one', 'two'),
      uid: fc.constantFrom('1', '2', '3'),
      version: fc.nat({ max: 9 }),
    }),
    { selector: ({ name, namespace }) => `${namespace}/${name}` },
  )
  .map((inputs) => inputs.map((input) => pod({ ...input, uid: `${input.namespace}-${input.name}-${input.uid}` })));

function diff(known: Map<string, KnownObject>, list: readonly TestObject[], pageSize: number) {
  const index = indexKnownObjects(known, () => undefined);
  const listDiff = createListDiff({ known: index, project: (object) => object as TestObject, listVersion: '100' });
  const events: ReflectorEvent<TestObject>[] = [];
  for (let start = 0; start < list.length; start += pageSize) {
    events.push(...listDiff.takePage(list.slice(start, start + pageSize), 0));
  }
  events.push(...listDiff.finish(0));
  return events;
}

describe(`the difference between a list and what is known (PODKEEPER_TEST_SEED=${propertySeed})`, () => {
  it('turns what was known into the list, with one event for each object that differs, on any page size', () => {
    check(fc.tuple(objects, objects, fc.integer({ min: 1, max: 4 })), ([before, list, pageSize]) => {
      const known = knownFrom(before);
      const model = new Map(known);
      const events = diff(known, list, pageSize);
      const touched = new Set<string>();
      for (const event of events) {
        if (event.kind !== 'added' && event.kind !== 'modified' && event.kind !== 'deleted')
          throw new Error(event.kind);
        expect(touched.has(event.uid)).toBe(false);
        touched.add(event.uid);
        expect(model.has(event.uid)).toBe(event.kind !== 'added');
        if (event.kind === 'deleted') model.delete(event.uid);
        else model.set(event.uid, { namespace: event.namespace, name: event.name, version: event.version });
      }
      expect(model).toEqual(knownFrom(list));
      expect(known).toEqual(knownFrom(list));
    });
  });

  it('never has two objects under one name at a time', () => {
    check(fc.tuple(objects, objects, fc.integer({ min: 1, max: 4 })), ([before, list, pageSize]) => {
      const held = new Set(before.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`));
      for (const event of diff(knownFrom(before), list, pageSize)) {
        if (event.kind === 'added') {
          expect(held.has(`${event.namespace}/${event.name}`)).toBe(false);
          held.add(`${event.namespace}/${event.name}`);
        } else if (event.kind === 'deleted') held.delete(`${event.namespace}/${event.name}`);
      }
    });
  });

  it('takes nothing of a page in that has a faulty object', () => {
    const known = new Map<string, KnownObject>();
    const page = [pod({ name: 'a', version: 1 }), { metadata: { name: 'b' } } as unknown as TestObject];
    expect(() => diff(known, page, 2)).toThrow('an object without metadata.uid');
    expect(known.size).toBe(0);
  });
});
