import { describe, expect, it } from '@jest/globals';
import type { PodChange } from '../../../../domain/pods/pod-change.ts';
import { projectPod } from '../../../../domain/pods/snapshot/project-pod.ts';
import { podTransitions, type Transition } from '../../../../domain/pods/transitions.ts';
import {
  at,
  buildPod,
  deleting,
  finallyDeleted,
  type Json,
  type PodParts,
  running,
  terminated,
  waiting,
} from '../../../helpers/pods.ts';

const seen = at(100);

function step(
  before: PodParts | undefined,
  after: PodParts,
  operation: 'add' | 'update' | 'delete' = 'update',
): Transition[] {
  const previous = before === undefined ? undefined : projectPod(buildPod(before));
  return podTransitions({ previous, change: { operation, observedAt: seen, snapshot: projectPod(buildPod(after)) } });
}

const pending: PodParts = {
  phase: 'Pending',
  containers: [{ state: null }],
  spec: { nodeName: undefined },
  conditions: { PodScheduled: { status: 'False', reason: 'Unschedulable' } },
};
const bound: PodParts = {
  phase: 'Pending',
  containers: [{ state: waiting('ContainerCreating'), ready: false }],
  conditions: { PodScheduled: { status: 'True', lastTransitionTime: at(-5) } },
};
const notReady: PodParts = { containers: [{ state: running(-3), ready: false }] };

describe('transitions of a pod that starts', () => {
  it('has none while it waits for a node', () => {
    expect(step(undefined, pending, 'add')).toEqual([]);
  });

  it('is scheduled when the scheduler says, and its containers start when the kubelet says', () => {
    expect(step(pending, bound)).toEqual([{ type: 'Scheduled', at: at(-5), node: 'node-1' }]);
    expect(step(bound, notReady)).toEqual([{ type: 'ContainersStarted', at: at(-3) }]);
  });

  it('turns ready and back at the times of its condition', () => {
    const ready = (seconds: number): Json => ({ status: 'True', lastTransitionTime: at(seconds) });
    const unready = { status: 'False', lastTransitionTime: at(30) };
    expect(step(notReady, { conditions: { Ready: ready(20) } })).toEqual([{ type: 'Ready', at: at(20) }]);
    expect(step({ conditions: { Ready: ready(20) } }, { conditions: { Ready: unready } })).toEqual([
      { type: 'NotReady', at: at(30) },
    ]);
  });

  it('was unready in between when it is ready since another time', () => {
    const ready = (seconds: number): PodParts => ({
      conditions: { Ready: { status: 'True', lastTransitionTime: at(seconds) } },
    });
    expect(step(ready(20), ready(40))).toEqual([
      { type: 'NotReady', at: at(40) },
      { type: 'Ready', at: at(40) },
    ]);
    expect(step(ready(20), ready(20))).toEqual([]);
  });

  it('of which the first sight is late, it says what the state proves', () => {
    const parts: PodParts = {
      containers: [{ lastState: terminated({ exitCode: 1 }), restarts: 5, state: running(-20) }],
    };
    expect(step(undefined, parts, 'add')).toEqual([
      { type: 'Scheduled', at: at(-3600), node: 'node-1' },
      { type: 'ContainersStarted', at: seen },
      { type: 'Restarted', at: at(-20), container: 'app', count: 5 },
      { type: 'Ready', at: at(-3600) },
    ]);
  });

  it('does not call a container started that the runtime could not start', () => {
    const startedAt = '1970-01-01T00:00:00Z';
    const end = { terminated: { exitCode: 128, reason: 'StartError', startedAt, finishedAt: at(-1) } };
    expect(step(bound, { containers: [{ state: end, ready: false }] })).toEqual([]);
  });
});

describe('restarts', () => {
  const count = (restarts: number, more: object = {}): PodParts => ({ containers: [{ restarts, ...more }] });

  it('are counted from the last change, with the start of the newest', () => {
    expect(step(count(1), count(3, { state: running(-7) }))).toEqual([
      { type: 'Restarted', at: at(-7), container: 'app', count: 2 },
    ]);
  });

  it('are dated by the last record when the next one waits already', () => {
    const waits = { state: waiting('CrashLoopBackOff'), lastState: terminated({ exitCode: 1, started: -33 }) };
    expect(step(count(1, waits), count(2, { ...waits }))[0]).toMatchObject({ at: at(-33), count: 1 });
  });

  it("are not made up by a kubelet's reset", () => {
    expect(step(count(5), count(0))).toEqual([]);
    expect(step(count(0), count(1))).toHaveLength(1);
  });

  it('of a container that an earlier, cut snapshot left out are unknown', () => {
    const previous = { ...projectPod(buildPod({ containers: [] })), truncated: ['containers (1 dropped)'] };
    const change: PodChange = { operation: 'update', observedAt: seen, snapshot: projectPod(buildPod(count(4))) };
    expect(podTransitions({ previous, change }).filter(({ type }) => type === 'Restarted')).toEqual([]);
  });
});

describe('changes of the spec', () => {
  const image = (name: string): PodParts => ({ containers: [{ spec: { image: name } }] });
  const labeled = (labels: Json): PodParts => ({ metadata: { labels } });

  it('name what changed', () => {
    expect(step(image('a:1'), image('a:2'))).toEqual([{ type: 'SpecChanged', at: seen, fields: ['image'] }]);
    expect(step(labeled({ a: '1' }), labeled({ a: '2' }))).toEqual([
      { type: 'SpecChanged', at: seen, fields: ['labels'] },
    ]);
    const resized = { containers: [{ memoryLimit: '128Mi' }] };
    expect(step({ containers: [{ memoryLimit: '64Mi' }] }, resized)).toEqual([
      { type: 'SpecChanged', at: seen, fields: ['resources'] },
    ]);
  });

  it('are not claimed of what was cut from a snapshot', () => {
    const many = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`label-${index}`, 'x']));
    const fewer = Object.fromEntries(Object.entries(many).slice(0, 80));
    expect(step(labeled(many), labeled(fewer))).toEqual([]);
  });

  it('are not seen in a container that has just been added', () => {
    const debug = { name: 'debug', type: 'ephemeral', state: null } as const;
    expect(step({ containers: [{}] }, { containers: [{}, debug] })).toEqual([]);
  });
});

describe('the end of a pod', () => {
  it('begins when the deletion was asked for, not when it is due', () => {
    expect(step({}, { metadata: deleting(-4, 30) })).toEqual([{ type: 'Terminating', at: at(-4), mode: 'graceful' }]);
  });

  it('is graceful when the kubelet deletes what it has stopped', () => {
    const ended: PodParts = { phase: 'Failed', containers: [{ state: terminated({ exitCode: 143 }), ready: false }] };
    const before = { ...ended, metadata: deleting(-10, 30) };
    expect(step(before, { ...ended, metadata: finallyDeleted(1) }, 'delete')).toEqual([
      { type: 'Deleted', at: at(1), mode: 'graceful' },
    ]);
  });

  it('is forced when it was deleted with no grace while its containers ran', () => {
    expect(step({}, { metadata: finallyDeleted(1) }, 'delete')).toEqual([
      { type: 'Terminating', at: at(1), mode: 'forced' },
      { type: 'Deleted', at: at(1), mode: 'forced' },
    ]);
  });

  it('is graceful without grace where there was nothing to wait for', () => {
    const unscheduled = { ...pending, metadata: finallyDeleted(1) };
    expect(step(pending, unscheduled, 'delete').at(-1)).toMatchObject({ type: 'Deleted', mode: 'graceful' });
    const done: PodParts = { phase: 'Succeeded', containers: [{ state: terminated({ exitCode: 0 }), ready: false }] };
    const gone = step(done, { ...done, metadata: finallyDeleted(1) }, 'delete');
    expect(gone.at(-1)).toMatchObject({ type: 'Deleted', mode: 'graceful' });
  });

  it('comes when seen, not when asked for, of a pod that finalizers held', () => {
    const held = { metadata: { ...finallyDeleted(1), finalizers: ['a/b'] } };
    expect(step(held, held, 'delete')).toEqual([{ type: 'Deleted', at: seen, mode: 'forced' }]);
  });

  it('has its last phase since the last container ended', () => {
    const end = (exitCode: number): PodParts => ({
      phase: exitCode === 0 ? 'Succeeded' : 'Failed',
      containers: [
        { state: terminated({ exitCode, finished: -9 }), ready: false },
        { name: 'b', state: terminated({ exitCode: 0, finished: -8 }), ready: false },
      ],
    });
    const { containers } = notReady;
    expect(step({ containers: containers! }, end(0)).at(-1)).toEqual({ type: 'Succeeded', at: at(-8) });
    expect(step({ containers: containers! }, end(2)).at(-1)).toEqual({ type: 'Failed', at: at(-8) });
    expect(step(end(2), end(2))).toEqual([]);
  });

  it('is inferred when nobody saw it', () => {
    const change: PodChange = { operation: 'delete', inferred: true, observedAt: seen, version: '7' };
    expect(podTransitions({ change })).toEqual([{ type: 'Deleted', at: seen, mode: 'inferred' }]);
  });

  it('is not claimed of a pod that left the scope', () => {
    expect(podTransitions({ change: { operation: 'leftScope', observedAt: seen, version: '7' } })).toEqual([]);
  });
});
