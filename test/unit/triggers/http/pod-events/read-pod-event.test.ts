import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readPodEvent } from '../../../../../triggers/http/pod-events/read-pod-event.ts';
import { podEventsBodySchema, podEventSchema } from '../../../../../triggers/http/schemas/pod-event.ts';
import { buildPod, type Json, terminated } from '../../../../helpers/pods.ts';
import { check, propertySeed } from '../../../../helpers/properties.ts';

const options = { path: 'body', observedAt: '2026-03-01T12:00:00Z' };
const good = { resourceId: 'mine', type: 'update', item: buildPod() };
const minimal = { type: 'add', item: { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web-1', uid: 'uid-1' } } };
const withItem = (item: unknown): Json => ({ ...good, item });
const withMetadata = (metadata: Json): Json => withItem(buildPod({ metadata }));

function read(value: unknown) {
  const result = readPodEvent(value, options);
  if ('errors' in result) throw new Error(JSON.stringify(result.errors));
  return result.event;
}

function faults(value: unknown): string[] {
  const result = readPodEvent(value, options);
  return 'errors' in result ? result.errors.map(({ path, message }) => `${path}: ${message}`) : [];
}

describe(`reading a pod event (PODKEEPER_TEST_SEED=${propertySeed})`, () => {
  it('takes a Pod as the API server sends it, as a change seen at its arrival', () => {
    const { pod, change, resourceId } = read(good);
    expect(pod).toEqual({ namespace: 'shop', name: 'web-1', uid: 'uid-1' });
    expect(resourceId).toBe('mine');
    expect(change).toMatchObject({ operation: 'update', observedAt: options.observedAt });
    expect(change.snapshot).toMatchObject({ ...pod, version: '100', phase: 'Running' });
  });

  it('takes a Pod that says no more than who it is, in the namespace default and without a version', () => {
    const { pod, change, resourceId } = read(minimal);
    expect(pod).toEqual({ namespace: 'default', name: 'web-1', uid: 'uid-1' });
    expect(change.snapshot).toMatchObject({ ...pod, version: '', containers: [] });
    expect(resourceId).toBeUndefined();
  });

  it('takes the example of the documentation and that of the OpenAPI document', () => {
    const guide = readFileSync(new URL('../../../../../docs/webhook.md', import.meta.url), 'utf8');
    const [, example = ''] = /-d '(\{.*?\})'/s.exec(guide) ?? [];
    expect(read(JSON.parse(example)).pod.namespace).toBe('shop');
    const [documented] = (podEventsBodySchema.meta()?.examples ?? []) as unknown[];
    expect(read(documented).pod.namespace).toBe('shop');
  });

  it('keeps unknown fields out', () => {
    const { change } = read({ ...good, secret: 1, item: { ...buildPod(), data: { password: 'x' } } });
    expect(JSON.stringify(change)).not.toMatch(/password|secret/);
  });

  it.each<[string, unknown, string[]]>([
    ['no object', 'text', ['body: is not an object']],
    ['null', null, ['body: is missing']],
    ['an empty object', {}, ['body.type: is missing', 'body.item: is missing']],
    ['an unknown type', { ...good, type: 'ADDED' }, ['body.type: is not one of add, update, delete']],
    ['a type that is none', { ...good, type: 1 }, ['body.type: is not a string']],
    ['no item', { type: 'add' }, ['body.item: is missing']],
    ['a list for an item', withItem([]), ['body.item: is not an object']],
    ['no kind', withItem({ ...buildPod(), kind: undefined }), ['body.item.kind: is missing']],
    ['another kind', withItem({ ...buildPod(), kind: 'Deployment' }), ['body.item.kind: is not Pod']],
    ['another API', withItem({ ...buildPod(), apiVersion: 'apps/v1' }), ['body.item.apiVersion: is not v1']],
    ['no metadata', withItem({ apiVersion: 'v1', kind: 'Pod' }), ['body.item.metadata: is missing']],
    ['no uid', withMetadata({ uid: undefined }), ['body.item.metadata.uid: is missing']],
    ['a uid with a slash', withMetadata({ uid: 'a/b' }), ['body.item.metadata.uid: is not a uid']],
    [
      'a label key that reads like a fault',
      withMetadata({ labels: { 'x is missing': 1 } }),
      ['body.item.metadata.labels[x is missing]: is not a string'],
    ],
    [
      'a count below zero, deep down',
      withItem(buildPod({ status: { containerStatuses: [{ name: 'a', restartCount: -1 }] } })),
      ['body.item.status.containerStatuses[0].restartCount: is negative'],
    ],
    [
      'a long name of its own',
      { ...good, resourceId: 'r'.repeat(257) },
      ['body.resourceId: is longer than 256 characters'],
    ],
  ])('names each place that is wrong: %s', (_, value, expected) => {
    expect(faults(value)).toEqual(expected);
  });

  it('hands back the name of what it refuses', () => {
    expect(readPodEvent({ resourceId: 'mine' }, options)).toMatchObject({ resourceId: 'mine' });
  });

  it('keeps the whole name of a Pod so big that its snapshot is cut', () => {
    const name = 'n'.repeat(253);
    const containers = Array.from({ length: 200 }, (_, index) => ({
      name: `${index}-${'\u0001'.repeat(200)}`.replaceAll('\u0001', 'c'),
      state: terminated({ exitCode: 1, message: '\u0001'.repeat(2000) }),
      lastState: terminated({ exitCode: 1, message: '\u0001'.repeat(2000) }),
    }));
    const { pod, change } = read(withItem(buildPod({ name, containers })));
    expect([pod.name, change.snapshot.name.length]).toEqual([name, 128]);
  });

  it('never throws, and takes nothing that the documented schema refuses', () => {
    const piece = fc.oneof(
      fc.jsonValue(),
      fc.constantFrom<unknown>('v1', 'Pod', 'add', 'a'.repeat(300), null, {}, [], { a: 1 }),
    );
    const place = fc.constantFrom(
      ['resourceId'],
      ['type'],
      ['item'],
      ...['apiVersion', 'kind', 'metadata', 'spec', 'status'].map((field) => ['item', field]),
      ...['name', 'namespace', 'uid', 'resourceVersion', 'labels', 'ownerReferences'].map((field) => [
        'item',
        'metadata',
        field,
      ]),
      ['item', 'status', 'phase'],
      ['item', 'status', 'qosClass'],
    );
    let taken = 0;
    check(
      fc.array(fc.tuple(place, piece), { maxLength: 2 }),
      (changes) => {
        const event = changes.reduce<unknown>((value, [path, put]) => replaced(value, path, put), good);
        if ('errors' in readPodEvent(event, options)) return;
        taken += 1;
        const result = podEventSchema.safeParse(event);
        if (!result.success) throw new Error(`${JSON.stringify(event)}: ${result.error.message}`);
      },
      1000,
    );
    expect(taken).toBeGreaterThan(5);
  });
});

function replaced(value: unknown, [field, ...rest]: readonly string[], put: unknown): unknown {
  if (field === undefined) return put;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return { ...value, [field]: replaced((value as Json)[field], rest, put) };
}
