import { describe, expect, it } from '@jest/globals';
import type { PodChange } from '../../../../domain/pods/pod-change.ts';
import type { PodSnapshot } from '../../../../domain/pods/snapshot/pod-snapshot.ts';
import type { WatchGap } from '../../../../domain/pods/watch/watch-checkpoint.ts';
import type { ReflectorEvent } from '../../../../platform/kubernetes/reflector/types.ts';
import { createMetrics } from '../../../../platform/metrics.ts';
import { createCheckpointTracker } from '../../../../triggers/pod-watch/hold/checkpoint-tracker.ts';
import { createDispatcher } from '../../../../triggers/pod-watch/dispatch/dispatcher.ts';
import { runWatchSource, type WatchSourceOptions } from '../../../../triggers/pod-watch/watch-source.ts';
import { podSnapshot, type SnapshotParts } from '../../../helpers/pod-changes.ts';
import { podNow, terminated } from '../../../helpers/pods.ts';

type Event = ReflectorEvent<PodSnapshot>;
const receivedAtMs = podNow.getTime();

function changed(kind: 'added' | 'modified', parts: SnapshotParts, fromList = false): Event {
  const object = podSnapshot(parts);
  const { uid, namespace, name, version } = object;
  return { kind, uid, namespace, name, version, object, receivedAtMs, fromList };
}

function deleted(parts: SnapshotParts, inferred = false): Event {
  const object = podSnapshot(parts);
  const { uid, namespace, name, version } = object;
  return { kind: 'deleted', uid, namespace, name, version, receivedAtMs, inferred, ...(inferred ? {} : { object }) };
}

const relisted = (version: string): Event => ({ kind: 'relisted', version, count: 1 });
const gap: Event = {
  kind: 'gap',
  fromVersion: '5',
  toVersion: '50',
  fromTime: '2026-03-01T11:00:00Z',
  toTime: '2026-03-01T12:00:00Z',
  reason: 'expired',
  epochChanged: false,
};

interface Outcome {
  readonly sent: { uid: string; change: PodChange; epoch: number }[];
  readonly known: string[];
  readonly safe: string | undefined;
  readonly metrics: ReturnType<typeof createMetrics>;
}

/** Runs a source over these events; `refuse` names pods whose changes Temporal never takes. */
async function run(
  events: readonly Event[],
  options: Partial<WatchSourceOptions> & { readonly refuse?: string; readonly from?: string } = {},
): Promise<Outcome> {
  const { refuse, from, ...parts } = options;
  const sent: Outcome['sent'] = [];
  const known: string[] = [];
  let epoch = 0;
  const metrics = createMetrics();
  const tracker = createCheckpointTracker(from === undefined ? undefined : { version: from, time: '' }, () => 0);
  const dispatcher = createDispatcher({
    coalesceMs: 1,
    concurrency: 2,
    send: (pod, changes) => {
      if (pod.uid === refuse) return Promise.resolve(false);
      for (const change of changes) sent.push({ uid: pod.uid, change, epoch });
      return Promise.resolve(true);
    },
  });
  await runWatchSource({
    source: '',
    events: (async function* () {
      for (const event of events) yield await Promise.resolve(event);
    })(),
    tracker,
    dispatcher,
    known: {
      set: ({ uid, version }, hasRun) => known.push(`${uid}@${version}${hasRun ? '' : ' quiet'}`),
      remove: (uid) => known.push(`-${uid}`),
      has: (uid) => uid === 'noted',
      size: () => 0,
      flush: () => Promise.resolve(true),
    },
    excluded: () => false,
    adopt: false,
    queueLimit: 100,
    reportGap: () => Promise.resolve(true),
    findOrphans: () => Promise.resolve([]),
    onEpoch: () => void (epoch += 1),
    metrics,
    ...parts,
  });
  // What goes on beside the events (the open runs after a gap) has its turn.
  await new Promise(setImmediate);
  await dispatcher.drain();
  await new Promise(setImmediate);
  return { sent, known, safe: tracker.safe()?.version, metrics };
}

const crashed = { containers: [{ state: terminated({ exitCode: 3 }) }] };
const briefly = ({ sent }: Outcome) => sent.map(({ uid, change }) => `${change.operation} ${uid}`);

describe('a source of a watch', () => {
  it('adopts healthy pods of the very first list without runs, and starts runs for those in trouble', async () => {
    const outcome = await run(
      [
        changed('added', { uid: 'well', version: 1 }, true),
        changed('added', { uid: 'ill', version: 2, ...crashed }, true),
        relisted('10'),
        changed('added', { uid: 'new', version: 11 }),
      ],
      { adopt: true },
    );
    expect(briefly(outcome)).toEqual(['update ill', 'add new']);
    expect(outcome.known).toEqual(['well@1 quiet', 'ill@2', 'new@11']);
    expect(outcome.safe).toBe('11');
  });

  it('starts a run for an adopted pod with its first change', async () => {
    const outcome = await run(
      [
        changed('added', { uid: 'well', version: 1 }, true),
        relisted('10'),
        changed('modified', { uid: 'well', version: 11, ...crashed }),
      ],
      { adopt: true },
    );
    expect(briefly(outcome)).toEqual(['update well']);
  });

  it('drops and counts what changes nothing, and moves its checkpoint past it', async () => {
    const outcome = await run([
      changed('added', { uid: 'a', version: 1 }),
      changed('modified', { uid: 'a', version: 2 }),
    ]);
    expect(briefly(outcome)).toEqual(['add a']);
    expect(outcome.safe).toBe('2');
    expect((await outcome.metrics.changesUnchanged.get()).values[0]?.value).toBe(1);
  });

  it('leaves out excluded pods, also their deletes, and moves its checkpoint past them', async () => {
    const outcome = await run([changed('added', { uid: 'x', version: 1 }), deleted({ uid: 'x', version: 2 })], {
      excluded: ({ uid }) => uid === 'x',
    });
    expect(outcome).toMatchObject({ sent: [], safe: '2' });
    expect((await outcome.metrics.changesExcluded.get()).values[0]?.value).toBe(2);
  });

  it('hands on a delete with its object, and an inferred one without', async () => {
    const { sent, known } = await run([deleted({ uid: 'a', version: 3 }), deleted({ uid: 'b', version: 4 }, true)]);
    const observedAt = podNow.toISOString();
    expect(sent.map(({ change }) => change)).toEqual([
      { operation: 'delete', observedAt, snapshot: podSnapshot({ uid: 'a', version: 3 }) },
      { operation: 'delete', observedAt, inferred: true, version: '4' },
    ]);
    expect(known).toEqual(['-a', '-b']);
  });

  it('sends leftScope for a deleted pod that still lives, and a delete for one that does not', async () => {
    const outcome = await run([deleted({ uid: 'lives', version: 3 }), deleted({ uid: 'dead', version: 4 })], {
      stillExists: ({ uid }) => Promise.resolve(uid === 'lives'),
    });
    expect(briefly(outcome).sort()).toEqual(['delete dead', 'leftScope lives']);
  });

  it('moves its checkpoint with bookmarks and whole lists, not with what a list brings', async () => {
    const list = [changed('added', { uid: 'a', version: 90 }, true), deleted({ uid: 'b', version: 95 }, true)];
    expect((await run(list, { from: '5' })).safe).toBe('5');
    expect((await run([...list, relisted('100')], { from: '5' })).safe).toBe('100');
    expect((await run([{ kind: 'bookmark', version: '77' }], { from: '5' })).safe).toBe('77');
  });

  it('does not pass a change that Temporal has not taken', async () => {
    const events = [changed('added', { uid: 'stuck', version: 6 }), changed('added', { uid: 'b', version: 7 })];
    const outcome = await run(events, { from: '5', refuse: 'stuck' });
    expect(outcome).toMatchObject({ safe: '5', known: ['b@7'] });
  });

  it('does not pass a gap before watchPods has it', async () => {
    const reported: WatchGap[] = [];
    const report = (taken: boolean) => (one: WatchGap) => {
      reported.push(one);
      return Promise.resolve(taken);
    };
    expect((await run([gap, relisted('50')], { from: '5', reportGap: report(false) })).safe).toBe('5');
    expect((await run([gap, relisted('50')], { from: '5', reportGap: report(true) })).safe).toBe('50');
    expect(reported[0]).toEqual({
      source: '',
      fromVersion: '5',
      toVersion: '50',
      fromTime: '2026-03-01T11:00:00Z',
      toTime: '2026-03-01T12:00:00Z',
      reason: 'expired',
    });
  });

  it('sends what it read before a new epoch as of the old one', async () => {
    const { sent } = await run([
      changed('added', { uid: 'a', version: 9000 }),
      changed('modified', { uid: 'a', version: 9001, containers: [{ ready: false }] }),
      { kind: 'epoch' },
      changed('modified', { uid: 'a', version: 12 }, true),
      relisted('20'),
    ]);
    expect(sent.map(({ change, epoch }) => [(change as { snapshot: PodSnapshot }).snapshot.version, epoch])).toEqual([
      ['9000', 0],
      ['9001', 0],
      ['12', 1],
    ]);
  });

  it('after a gap, tells the open runs of pods that are gone and that nobody had noted', async () => {
    const asked: Record<string, boolean> = {};
    const outcome = await run([changed('added', { uid: 'listed', version: 3 }, true), gap, relisted('50')], {
      findOrphans: (present) => {
        for (const uid of ['listed', 'noted', 'orphan']) asked[uid] = present(uid);
        return Promise.resolve([{ uid: 'orphan', namespace: 'shop', name: 'orphan' }]);
      },
    });
    expect(asked).toEqual({ listed: true, noted: true, orphan: false });
    expect(briefly(outcome)).toContain('delete orphan');
    expect(outcome.safe).toBe('50');
  });

  it('keeps the checkpoint before the gap until the open runs could be listed', async () => {
    const events = [gap, relisted('50'), changed('added', { uid: 'later', version: 60 })];
    const outcome = await run(events, { findOrphans: () => Promise.resolve(undefined) });
    expect(outcome.safe).toBeUndefined();
  });

  it('does not list the open runs after a list without a gap', async () => {
    const findOrphans = () => Promise.reject(new Error('asked'));
    await expect(run([relisted('5')], { findOrphans })).resolves.toMatchObject({ safe: '5' });
  });
});
