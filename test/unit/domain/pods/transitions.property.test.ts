import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { PodSnapshot } from '../../../../domain/pods/snapshot/pod-snapshot.ts';
import { projectPod } from '../../../../domain/pods/snapshot/project-pod.ts';
import { podTransitions, type Transition } from '../../../../domain/pods/transitions.ts';
import {
  at,
  buildPod,
  deleting,
  finallyDeleted,
  type Json,
  running,
  terminated,
  waiting,
} from '../../../helpers/pods.ts';
import { check, propertySeed } from '../../../helpers/properties.ts';

/** What happens to a pod next; `seen` says whether the watch sees the state it leads to. */
const event = fc.record({
  what: fc.constantFrom('crash', 'restart', 'ready', 'unready', 'nothing'),
  container: fc.constantFrom(0, 1),
  seen: fc.boolean(),
});

type Event = typeof event extends fc.Arbitrary<infer T> ? T : never;

interface Model {
  readonly ready: boolean;
  readonly readySince: number;
  readonly containers: readonly { readonly restarts: number; readonly startedAt: number; readonly down: boolean }[];
}

/** One second a step: the API server's times have no finer grain. */
function advance(model: Model, { what, container }: Event, second: number): Model {
  const change = (parts: Partial<Model['containers'][number]>): Model => ({
    ...model,
    containers: model.containers.map((one, index) => (index === container ? { ...one, ...parts } : one)),
  });
  const one = model.containers[container]!;
  if (what === 'crash') return change({ down: true });
  if (what === 'restart')
    return one.down ? change({ down: false, restarts: one.restarts + 1, startedAt: second }) : model;
  if (what === 'nothing' || model.ready === (what === 'ready')) return model;
  return { ...model, ready: what === 'ready', readySince: second };
}

function stateOf(model: Model, metadata: Json = {}): PodSnapshot {
  const conditions = { Ready: { status: model.ready ? 'True' : 'False', lastTransitionTime: at(model.readySince) } };
  const containers = model.containers.map(({ restarts, startedAt, down }, index) => {
    const lastState = terminated({ exitCode: 1, started: startedAt, finished: startedAt });
    const state = down ? waiting('CrashLoopBackOff') : running(startedAt);
    return { name: `c${index}`, restarts, state, ...(down || restarts > 0 ? { lastState } : {}) };
  });
  return projectPod(buildPod({ metadata, conditions, containers }));
}

/** The transitions of all the changes a watch saw of a pod's life, from its first sight to its end. */
function transitionsOf(states: readonly PodSnapshot[]): Transition[] {
  return states.flatMap((snapshot, index) =>
    podTransitions({
      previous: states[index - 1],
      change: { operation: index === states.length - 1 ? 'delete' : 'update', observedAt: at(900 + index), snapshot },
    }),
  );
}

describe(`transitions over a pod's life (PODKEEPER_TEST_SEED=${propertySeed})`, () => {
  it('tell no fact twice and lose no restart, whichever states the watch sees', () => {
    check(fc.array(event, { minLength: 1, maxLength: 40 }), (events) => {
      const start = { restarts: 0, startedAt: 0, down: false };
      let model: Model = { ready: false, readySince: 0, containers: [start, start] };
      const states = [stateOf(model)];
      for (const [index, next] of events.entries()) {
        model = advance(model, next, index + 1);
        if (next.seen) states.push(stateOf(model));
      }
      const [end] = events;
      if (end!.seen) states.push(stateOf(model, deleting(50)));
      states.push(stateOf(model, finallyDeleted(60)));

      const transitions = transitionsOf(states);
      const facts = transitions.map(({ type, at: time, ...more }) => `${type} ${time} ${JSON.stringify(more)}`);
      expect(new Set(facts).size).toBe(facts.length);
      for (const type of ['Scheduled', 'ContainersStarted', 'Terminating', 'Deleted']) {
        expect(transitions.filter((one) => one.type === type)).toHaveLength(1);
      }
      expect(transitions.at(-1)?.type).toBe('Deleted');
      for (const [index, { restarts }] of model.containers.entries()) {
        let told = 0;
        for (const one of transitions) if (one.type === 'Restarted' && one.container === `c${index}`) told += one.count;
        expect(told).toBe(restarts);
      }
      const turns = transitions.map(({ type }) => type).filter((type) => type === 'Ready' || type === 'NotReady');
      for (const [index, turn] of turns.entries()) expect(turn).toBe(index % 2 === 0 ? 'Ready' : 'NotReady');
      expect(turns.at(-1) === 'Ready').toBe(model.ready);
    });
  });

  it('are told again for no state that is seen again', () => {
    check(fc.array(event, { maxLength: 20 }), (events) => {
      const start = { restarts: 0, startedAt: 0, down: false };
      let model: Model = { ready: false, readySince: 0, containers: [start, start] };
      for (const [index, next] of events.entries()) model = advance(model, next, index + 1);
      const snapshot = stateOf(model);
      const change = { operation: 'update', observedAt: at(900), snapshot } as const;
      expect(podTransitions({ previous: snapshot, change })).toEqual([]);
    });
  });
});
