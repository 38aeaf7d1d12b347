import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { z } from 'zod';
import { describeFault, requestFaults } from '../../../../triggers/http/problems/request-faults.ts';
import { check, propertySeed } from '../../../helpers/properties.ts';

const faultsOf = (schema: z.ZodType, value: unknown) =>
  requestFaults('body', schema.safeParse(value).error?.issues ?? []);
const paths = (schema: z.ZodType, value: unknown) => faultsOf(schema, value).map(({ path }) => path);

describe('the faults of a request', () => {
  it('have paths that can be read', () => {
    const schema = z.object({ items: z.array(z.object({ labels: z.record(z.string(), z.string()) })) });
    expect(paths(schema, { items: [{ labels: {} }, { labels: { 'a/b': 1, 'x y': 2, plain: 3 } }] })).toEqual([
      'body.items[1].labels["a/b"]',
      'body.items[1].labels["x y"]',
      'body.items[1].labels.plain',
    ]);
    expect(paths(z.string(), 1)).toEqual(['body']);
  });

  it('name each member that is not known', () => {
    expect(faultsOf(z.strictObject({ a: z.string() }), { a: '', b: 1, c: 2 })).toEqual([
      { path: 'body.b', message: 'is not known here' },
      { path: 'body.c', message: 'is not known here' },
    ]);
  });

  it('are those of the form that the value came closest to', () => {
    const event = z.object({ item: z.object({ uid: z.string() }) });
    const schema = z.union([event, z.array(event)]);
    expect(paths(schema, { item: { uid: 1 } })).toEqual(['body.item.uid']);
    expect(paths(schema, [{ item: { uid: 'a' } }, { item: {} }])).toEqual(['body[1].item.uid']);
  });

  it('say what is missing and what is wrong as one sentence with the path', () => {
    const schema = z.object({ uid: z.string(), limit: z.number().max(200), kind: z.enum(['Pod']) });
    expect(faultsOf(schema, { limit: 201, kind: 'Node' }).map(describeFault)).toEqual([
      'body.uid is missing; expected string',
      'body.limit: too big: expected number to be <=200',
      'body.kind: expected "Pod"',
    ]);
  });

  it('are bounded, however much is wrong', () => {
    const faults = faultsOf(
      z.record(z.string(), z.literal('x'.repeat(1000))),
      Object.fromEntries(Array.from({ length: 500 }, (_none, index) => [index, 1])),
    );
    expect(faults).toHaveLength(50);
    expect(Math.max(...faults.map(({ message }) => message.length))).toBeLessThanOrEqual(300);
  });

  it(`are there exactly when a value does not fit (seed ${propertySeed})`, () => {
    const schema = z.object({ a: z.union([z.string(), z.object({ b: z.number() })]), c: z.array(z.int()).optional() });
    check(fc.oneof(fc.jsonValue(), fc.record({ a: fc.jsonValue(), c: fc.jsonValue() })), (value) => {
      const faults = faultsOf(schema, value);
      expect(faults.length === 0).toBe(schema.safeParse(value).success);
      for (const { path, message } of faults) expect([path.startsWith('body'), message !== '']).toEqual([true, true]);
    });
  });
});
