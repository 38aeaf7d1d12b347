import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { projectPod } from '../../../../domain/pods/snapshot/project-pod.ts';
import { sameSnapshot } from '../../../../domain/pods/snapshot/same-snapshot.ts';
import { snapshotDigest } from '../../../../domain/pods/snapshot/snapshot-digest.ts';
import { at, buildPod, type Json, terminated } from '../../../helpers/pods.ts';
import { check, propertySeed } from '../../../helpers/properties.ts';

const labels = { app: 'web', team: 'shop' };
const pod = buildPod({ metadata: { labels }, containers: [{ restarts: 1, lastState: terminated({ exitCode: 2 }) }] });
const snapshot = projectPod(pod);

function expectSame(other: Json, same: boolean): void {
  const changed = projectPod(other);
  expect(sameSnapshot(snapshot, changed)).toBe(same);
  expect(sameSnapshot(changed, snapshot)).toBe(same);
  expect(snapshotDigest(snapshot) === snapshotDigest(changed)).toBe(same);
}

describe(`snapshots that say the same (PODKEEPER_TEST_SEED=${propertySeed})`, () => {
  it('do not differ by version, managed fields, annotations, probe times or the order of keys', () => {
    const status = pod['status'] as { conditions: Json[] };
    const conditions = status.conditions.map((condition) => ({ ...condition, lastProbeTime: at(5) }));
    expectSame(
      {
        ...pod,
        metadata: {
          managedFields: [{ time: at(1) }],
          annotations: { a: 'b' },
          ...(pod['metadata'] as Json),
          resourceVersion: '101',
          labels: { team: 'shop', app: 'web' },
        },
        status: { ...status, conditions },
      },
      true,
    );
  });

  it.each<[string, Parameters<typeof buildPod>[0]]>([
    ['a label', { metadata: { labels: { ...labels, app: 'api' } } }],
    ['one more label', { metadata: { labels: { ...labels, more: '' } } }],
    ['a restart', { containers: [{ restarts: 2, lastState: terminated({ exitCode: 2 }) }] }],
    ['the time of an end', { containers: [{ restarts: 1, lastState: terminated({ exitCode: 2, finished: -59 }) }] }],
    ['a phase', { phase: 'Failed' }],
    ['a finalizer', { metadata: { labels, finalizers: ['a/b'] } }],
  ])('differ by %s', (_, parts) => {
    const same = { metadata: { labels }, containers: [{ restarts: 1, lastState: terminated({ exitCode: 2 }) }] };
    expectSame(buildPod({ ...same, ...parts }), false);
  });

  it('are still the same after JSON, and have a digest of 16 hex digits', () => {
    const copy = JSON.parse(JSON.stringify(snapshot)) as typeof snapshot;
    expect(sameSnapshot(snapshot, copy)).toBe(true);
    expect(snapshotDigest(copy)).toBe(snapshotDigest(snapshot));
    expect(snapshotDigest(snapshot)).toMatch(/^[0-9a-f]{16}$/);
  });

  it('have digests that differ when they do: no collision among small changes', () => {
    const digests = new Set<string>();
    const messages = new Set<string>();
    check(
      fc.string({ maxLength: 8 }),
      (message) => {
        messages.add(message);
        digests.add(snapshotDigest({ ...snapshot, message }));
      },
      2000,
    );
    expect(digests.size).toBe(messages.size);
  });
});
