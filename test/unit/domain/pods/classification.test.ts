import { describe, expect, it } from '@jest/globals';
import { classifyBatch, classifyChange } from '../../../../domain/pods/classification.ts';
import { ClassificationError } from '../../../../domain/pods/classification/classification-error.ts';
import type { ObservedChange, PodChange } from '../../../../domain/pods/pod-change.ts';
import { projectPod } from '../../../../domain/pods/snapshot/project-pod.ts';
import {
  at,
  buildPod,
  deleting,
  finallyDeleted,
  type PodParts,
  running,
  terminated,
  waiting,
} from '../../../helpers/pods.ts';

const observed = (operation: ObservedChange['operation'], parts: PodParts = {}): ObservedChange => ({
  operation,
  observedAt: at(0),
  snapshot: projectPod(buildPod(parts)),
});

const crashing: PodParts = {
  containers: [
    { state: waiting('CrashLoopBackOff'), lastState: terminated({ exitCode: 3 }), restarts: 4, ready: false },
  ],
};

function errorOf(run: () => unknown): ClassificationError {
  try {
    run();
  } catch (error) {
    if (error instanceof ClassificationError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('the classification of one change', () => {
  it('has the task name, tags, transitions, verdict and version of an added pod', () => {
    expect(classifyChange({ change: observed('add'), attempt: 1 })).toMatchObject({
      taskName: 'Pod added: web-1',
      tags: ['pod', 'add', 'healthy'],
      operation: 'add',
      transitions: [{ type: 'Scheduled' }, { type: 'ContainersStarted' }, { type: 'Ready' }],
      verdict: { health: 'Healthy', incident: false, primary: null },
      changeClassified: true,
      rulesVersion: 'none',
      attempt: 1,
      version: '100',
      observedAt: at(0),
    });
  });

  it('tags an incident and its primary cause', () => {
    const { taskName, tags } = classifyChange({ change: observed('update', crashing), attempt: 2 });
    expect(taskName).toBe('Pod updated: web-1');
    expect(tags).toEqual(['pod', 'update', 'degraded', 'incident', 'AppError']);
  });

  it('judges as of the moment of the change, not of the work', () => {
    const starting: PodParts = { containers: [{ state: running(-100), ready: false }] };
    const early = classifyChange({ change: observed('update', starting), attempt: 1 });
    const late = classifyChange({ change: { ...observed('update', starting), observedAt: at(60) }, attempt: 1 });
    expect(early.verdict.primary).toBeNull();
    expect(late.verdict.primary).toBe('ReadinessProbeFailing');
  });

  it('judges an inferred delete by the last object seen', () => {
    const change: PodChange = { operation: 'delete', inferred: true, observedAt: at(9), version: '200' };
    const previous = observed('add', crashing).snapshot;
    expect(classifyChange({ previous, change, attempt: 3 })).toMatchObject({
      taskName: 'Pod deleted: web-1',
      operation: 'delete',
      transitions: [{ type: 'Deleted', mode: 'inferred', at: at(9) }],
      verdict: { primary: 'AppError' },
      version: '200',
    });
  });

  it('calls a pod that left the scope updated, and claims no transition', () => {
    const change: PodChange = { operation: 'leftScope', observedAt: at(9), version: '200' };
    expect(classifyChange({ previous: observed('add').snapshot, change, attempt: 3 })).toMatchObject({
      taskName: 'Pod updated: web-1',
      tags: ['pod', 'leftScope', 'healthy'],
      operation: 'leftScope',
      transitions: [],
    });
  });
});

describe('the classification of a batch', () => {
  it('gives each change its own, judged against the one before, and hands on the last snapshot', () => {
    const crashed = observed('update', { ...crashing, metadata: { resourceVersion: '101' } });
    const gone = observed('delete', { metadata: { resourceVersion: '102', ...finallyDeleted(0) } });
    const result = classifyBatch({ changes: [observed('add'), crashed, gone], attempt: 5 });
    expect(result.classifications.map(({ version, attempt }) => [version, attempt])).toEqual([
      ['100', 5],
      ['101', 6],
      ['102', 7],
    ]);
    expect(result.classifications[1]?.transitions).toContainEqual(
      expect.objectContaining({ type: 'Restarted', container: 'app', count: 4 }),
    );
    expect(result.snapshot).toBe(gone.snapshot);
  });

  it('remembers when the deletion began, though the final delete rewrites it', () => {
    const graceful = observed('update', { metadata: deleting(-20, 30) });
    const { deletion } = classifyBatch({ changes: [graceful], attempt: 1 });
    expect(deletion).toEqual(deleting(-20, 30));
    // Killed at -10: after the deletion began at -20, though before the final delete at 0.
    const final = observed('delete', {
      phase: 'Failed',
      metadata: finallyDeleted(0),
      spec: { terminationGracePeriodSeconds: 1 },
      containers: [{ state: terminated({ exitCode: 137, finished: -10 }), ready: false }],
    });
    const held = observed('update', { ...{ metadata: finallyDeleted(-1) } });
    const result = classifyBatch({ previous: held.snapshot, deletion, changes: [final], attempt: 2 });
    expect(result.classifications[0]?.verdict).toMatchObject({ primary: 'ForcedStop', incident: false });
  });

  it('comes out of JSON as it went in', () => {
    const { classifications } = classifyBatch({ changes: [observed('add', crashing)], attempt: 1 });
    expect(JSON.parse(JSON.stringify(classifications))).toEqual(classifications);
  });
});

describe('malformed input of a classification', () => {
  const good = observed('add');
  const container = { ...good.snapshot.containers[0]!, status: { ready: true, restartCount: 'many' } };

  it.each<[string, unknown, string]>([
    ['no change at all', null, 'changes[0]'],
    ['an unknown operation', { ...good, operation: 'patch' }, 'changes[0].operation'],
    ['no time', { ...good, observedAt: 'now' }, 'changes[0].observedAt'],
    ['no snapshot', { operation: 'add', observedAt: at(0) }, 'changes[0].snapshot'],
    ['no uid', { ...good, snapshot: { ...good.snapshot, uid: '' } }, 'changes[0].snapshot.uid'],
    [
      'a null where a field should be absent',
      { ...good, snapshot: { ...good.snapshot, deletionTimestamp: null } },
      'changes[0].snapshot.deletionTimestamp',
    ],
    [
      'a count that is a text',
      { ...good, snapshot: { ...good.snapshot, containers: [container] } },
      'changes[0].snapshot.containers[0].status.restartCount',
    ],
    [
      'an inferred delete of a pod never seen',
      { operation: 'delete', inferred: true, observedAt: at(0), version: '1' },
      'changes[0]',
    ],
  ])('is refused with its path: %s', (_, change, path) => {
    const error = errorOf(() => classifyChange({ change: change as PodChange, attempt: 1 }));
    expect(error.path).toBe(path);
    expect(error.message).toContain(path);
  });

  it('is refused when it is of another pod, or follows a malformed snapshot', () => {
    const change = observed('update', { uid: 'uid-2' });
    expect(errorOf(() => classifyChange({ previous: good.snapshot, change, attempt: 1 })).path).toBe(
      'changes[0].snapshot.uid',
    );
    const previous = { ...good.snapshot, labels: null } as unknown as typeof good.snapshot;
    expect(errorOf(() => classifyChange({ previous, change: good, attempt: 1 })).path).toBe('previous.labels');
  });
});
