import { describe, expect, it } from '@jest/globals';
import type { PodChange } from '../../../../../domain/pods/pod-change.ts';
import { recordClassified, recordFailed } from '../../../../../domain/pods/run/pod-run-record.ts';
import {
  hasFailures,
  newPodRun,
  type PodRunState,
  type TimelineEntry,
} from '../../../../../domain/pods/run/pod-run.ts';
import type { Severity } from '../../../../../domain/pods/verdict/types.ts';
import { drivePodRun } from '../../../../helpers/drive-pod-run.ts';
import { crashingLife, leftScope, malformedChange, observedChange } from '../../../../helpers/pod-changes.ts';

function entry(parts: Partial<TimelineEntry>): TimelineEntry {
  return {
    version: '1',
    observedAt: '2026-03-01T12:00:00Z',
    taskName: 'Pod updated: web-1',
    tags: ['pod', 'update'],
    operation: 'update',
    transitions: [],
    health: 'Healthy',
    incident: false,
    primary: null,
    severity: null,
    summary: null,
    changeClassified: true,
    rulesVersion: 'none',
    elapsedMs: 1,
    attempt: 1,
    ...parts,
  };
}

const classified = (state: PodRunState, entries: readonly TimelineEntry[], changes: readonly PodChange[] = []) =>
  recordClassified(state, changes, { entries, verdict: null, deletion: null }, '2026-03-01T12:00:00Z');
const failed = (state: PodRunState, changes: readonly PodChange[], reason = 'broken') =>
  recordFailed(state, changes, { failedAt: '2026-03-01T12:00:00Z', reason });

describe('a classified batch', () => {
  it('keeps the newest 50 entries and counts the others', () => {
    let state = newPodRun();
    for (let version = 1; version <= 60; version += 1) state = classified(state, [entry({ version: String(version) })]);
    expect(state.timeline).toHaveLength(50);
    expect(state.timeline.at(0)?.version).toBe('11');
    expect(state.timelineDropped).toBe(10);
  });

  it('keeps at most 128 KB of entries, counted as UTF-8', () => {
    const summary = 'é'.repeat(5000);
    let state = newPodRun();
    for (let version = 1; version <= 20; version += 1) state = classified(state, [entry({ summary })]);
    expect(Buffer.byteLength(JSON.stringify(state.timeline))).toBeLessThanOrEqual(128 * 1024);
    expect(state.timeline).toHaveLength(12);
    expect(state.timelineDropped).toBe(8);
  });

  it('keeps the worst severity ever seen and each primary cause once, in the order they appeared', () => {
    const severities: readonly (Severity | null)[] = ['low', 'high', null, 'medium'];
    const causes = ['Unschedulable', 'OOMKilled', null, 'Unschedulable'] as const;
    const entries = severities.map((severity, index) => entry({ severity, primary: causes[index] ?? null }));
    const state = classified(newPodRun(), entries);
    expect(state).toMatchObject({ worstSeverity: 'high', primaryCauses: ['Unschedulable', 'OOMKilled'] });
  });

  it('counts operations, and leaving the scope as none of them', () => {
    const state = drivePodRun([[...crashingLife().slice(0, 3), leftScope()]]);
    expect(state).toMatchObject({ operations: { add: 1, update: 2, delete: 0 }, classified: 4, failed: 0 });
  });

  it('keeps the highest sum of restarts, although a later snapshot says less', () => {
    const two = [
      { name: 'app', restarts: 3 },
      { name: 'other', restarts: 2 },
    ];
    const state = drivePodRun([
      [observedChange({ version: 1, containers: two })],
      [observedChange({ version: 2, containers: [{ restarts: 1 }] })],
    ]);
    expect(state.restarts).toBe(5);
  });
});

describe('a batch that could not be classified', () => {
  it('is kept with all that a replay needs, and the last good snapshot stays the one to judge by', () => {
    const [add, crash] = crashingLife();
    const state = drivePodRun([[add!], [malformedChange(15)], [crash!]]);
    expect(state).toMatchObject({ classified: 2, failed: 1, snapshot: { version: '20' } });
    expect(state.failures).toEqual([
      {
        failedAt: '2026-03-01T12:00:00.000Z',
        superseded: true,
        reason: expect.stringContaining('changes[0].snapshot.containers') as unknown,
        previous: add!.snapshot,
        deletion: null,
        changes: [malformedChange(15)],
      },
    ]);
    expect(state.timeline.map(({ version }) => version)).toEqual(['10', '20']);
  });

  it('does not hide what it brought: the next change proves it', () => {
    const [add, crash, backOff] = crashingLife();
    const [last] = drivePodRun([[add!], [malformedChange(15)], [crash!, backOff!]]).timeline.slice(-1);
    expect(last?.transitions).toContainEqual(expect.objectContaining({ type: 'Restarted', count: 1 }));
  });

  it('is the oldest to go when there are more than ten', () => {
    let state = newPodRun();
    for (let version = 1; version <= 13; version += 1) state = failed(state, [observedChange({ version })]);
    expect(state.failures).toHaveLength(10);
    expect(state.failures[0]?.changes).toEqual([observedChange({ version: 4 })]);
    expect(state).toMatchObject({ failed: 13, failuresDropped: 3 });
  });

  it('is the oldest to go when they are more than 256 KB, counted as UTF-8', () => {
    const message = '€'.repeat(20_000);
    const big = observedChange({ version: 1 });
    const change = { ...big, snapshot: { ...big.snapshot, message } };
    let state = newPodRun();
    for (let count = 0; count < 6; count += 1) state = failed(state, [change]);
    expect(Buffer.byteLength(JSON.stringify(state.failures))).toBeLessThanOrEqual(256 * 1024);
    expect(state.failures).toHaveLength(4);
    expect(state.failuresDropped).toBe(2);
  });

  it('that is too big to be kept at all still counts as a failure', () => {
    const change = observedChange({ version: 1 });
    const huge = { ...change, snapshot: { ...change.snapshot, message: 'x'.repeat(300_000) } };
    const state = failed(newPodRun(), [huge]);
    expect(state).toMatchObject({ failed: 1, failures: [], failuresDropped: 1 });
    expect(hasFailures(state)).toBe(true);
    expect(hasFailures(newPodRun())).toBe(false);
  });

  it('keeps its reason to 1024 characters and ignores operations there are none of', () => {
    const unknown = { operation: 'patch', observedAt: 'x', snapshot: {} } as unknown as PodChange;
    const state = failed(newPodRun(), [unknown], 'r'.repeat(5000));
    expect(state.failures[0]?.reason).toHaveLength(1024);
    expect(state.operations).toEqual({ add: 0, update: 0, delete: 0 });
  });
});
