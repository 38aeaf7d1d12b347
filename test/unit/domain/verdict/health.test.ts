import { describe, expect, it } from '@jest/globals';
import {
  at,
  buildPod,
  type ContainerParts,
  deleting,
  type PodParts,
  running,
  terminated,
  waiting,
} from '../../../helpers/pods.ts';
import { judge } from '../../../helpers/verdicts.ts';

const restarted = (finished: number, more: ContainerParts = {}): ContainerParts => ({
  state: running(finished + 2),
  lastState: terminated({ exitCode: 1, started: finished - 1000, finished }),
  restarts: 1,
  ...more,
});
const healthOf = (parts: PodParts, options = {}) => judge(buildPod(parts), options).health;
const lostNode = {
  evidence: { node: { conditions: [{ type: 'Ready', status: 'Unknown', lastTransitionTime: at(-60) }] } },
};

describe('health, by the first rule that fits', () => {
  it('is Completed in phase Succeeded, even while being deleted or on a lost node', () => {
    const containers = [{ state: terminated({ exitCode: 0 }) }];
    expect(healthOf({ phase: 'Succeeded', containers })).toBe('Completed');
    expect(healthOf({ phase: 'Succeeded', metadata: deleting(-5), containers }, lostNode)).toBe('Completed');
  });

  it.each(['Unknown', '', 'Dreaming'])('is Unknown in phase "%s"', (phase) => {
    expect(healthOf({ phase, metadata: deleting(-5) })).toBe('Unknown');
  });

  it('is Unknown without a phase, and for a pod on a lost node, even one being deleted', () => {
    expect(healthOf({ status: { phase: null } })).toBe('Unknown');
    expect(healthOf({ metadata: deleting(-5) }, lostNode)).toBe('Unknown');
  });

  it('is Terminating while being deleted, also when Failed', () => {
    expect(healthOf({ metadata: deleting(-5) })).toBe('Terminating');
    expect(
      healthOf({ phase: 'Failed', metadata: deleting(-5), containers: [{ state: terminated({ exitCode: 1 }) }] }),
    ).toBe('Terminating');
  });

  it('is Failed in phase Failed, whatever is found', () => {
    expect(healthOf({ phase: 'Failed', containers: [{ state: terminated({ exitCode: 1 }) }] })).toBe('Failed');
    expect(healthOf({ phase: 'Failed', containers: [{ state: null }] })).toBe('Failed');
  });

  it('is Degraded with a crash while not ready', () => {
    expect(healthOf({ containers: [restarted(-5000, { ready: false })] })).toBe('Degraded');
    expect(healthOf({ containers: [{ state: waiting('CrashLoopBackOff'), restarts: 1 }] })).toBe('Degraded');
  });

  it('is Degraded when it was restarted within ten minutes, though it is ready', () => {
    expect(healthOf({ containers: [restarted(-600)] })).toBe('Degraded');
    expect(healthOf({ containers: [restarted(-601)] })).toBe('Healthy');
  });

  it('is Degraded by a restart after exit 0 within ten minutes', () => {
    const ended = (finished: number) => [restarted(finished, { lastState: terminated({ exitCode: 0, finished }) })];
    expect(healthOf({ containers: ended(-600) })).toBe('Degraded');
    expect(healthOf({ containers: ended(-601) })).toBe('Healthy');
  });

  it('is Degraded by a crash-looping sidecar beside a ready app', () => {
    const sidecar = {
      name: 'proxy',
      type: 'sidecar' as const,
      state: waiting('CrashLoopBackOff'),
      lastState: terminated({ exitCode: 1 }),
    };
    expect(healthOf({ containers: [{}, { ...sidecar, restarts: 4 }] })).toBe('Degraded');
  });

  it('is Degraded by an attempt of a Job that failed, although that is no incident', () => {
    const verdict = judge(
      buildPod({ owner: 'Job', spec: { restartPolicy: 'OnFailure' }, containers: [restarted(-30, { ready: false })] }),
    );
    expect(verdict).toMatchObject({ health: 'Degraded', incident: false });
  });

  it('is Progressing while Pending, unschedulable and gated included', () => {
    const scheduled = (reason: string) => ({
      PodScheduled: { status: 'False', reason, lastTransitionTime: at(-5000) },
    });
    const containers = [{ state: null }];
    expect(healthOf({ phase: 'Pending', containers, conditions: scheduled('Unschedulable') })).toBe('Progressing');
    expect(healthOf({ phase: 'Pending', containers, conditions: scheduled('SchedulingGated') })).toBe('Progressing');
  });

  it('is Progressing while not ready for no known reason', () => {
    expect(healthOf({ containers: [{ state: running(-10), ready: false }] })).toBe('Progressing');
  });

  it('is Healthy when it runs and is ready; without conditions its containers tell', () => {
    expect(healthOf({})).toBe('Healthy');
    const none = { PodScheduled: null, Ready: null, ContainersReady: null };
    expect(healthOf({ conditions: none })).toBe('Healthy');
    expect(healthOf({ conditions: none, containers: [{}, { name: 'b', ready: false, state: running(-5) }] })).toBe(
      'Progressing',
    );
  });
});
