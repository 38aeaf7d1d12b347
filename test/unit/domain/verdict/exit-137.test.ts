import { describe, expect, it } from '@jest/globals';
import type { EventEvidence } from '../../../../domain/pods/verdict/evidence.ts';
import { at, buildPod, deleting, probe, running, statusUnknown, terminated, waiting } from '../../../helpers/pods.ts';
import { brief, findingOf, judge } from '../../../helpers/verdicts.ts';

const killed = terminated({ exitCode: 137, started: -200, finished: -60 });
const restarted = { state: running(-58), lastState: killed, restarts: 1 };
const livenessKill: EventEvidence = {
  reason: 'Killing',
  message: 'Container app failed liveness probe, will be restarted',
  fieldPath: 'spec.containers{app}',
  lastSeenAt: at(-62),
};
const hookFailed: EventEvidence = {
  reason: 'FailedPostStartHook',
  message: 'PostStartHook failed',
  fieldPath: 'spec.containers{app}',
  lastSeenAt: at(-62),
};

describe('exit 137 is decided in a fixed order', () => {
  it('1: ContainerStatusUnknown is a lost status, even beside an OOM event of the node', () => {
    const pod = buildPod({ containers: [{ state: running(-58), lastState: statusUnknown(), restarts: 1 }] });
    const events = [{ reason: 'SystemOOM', regarding: { kind: 'Node', name: 'node-1' }, lastSeenAt: at(-60) }];
    const verdict = judge(pod, { evidence: { events } });
    expect(verdict.primary).toBe('StatusLost');
    expect(findingOf(verdict, 'StatusLost').summary).toContain('may never have run');
  });

  it('2: reason OOMKilled wins over a probe that Events prove', () => {
    const lastState = terminated({ exitCode: 137, reason: 'OOMKilled', started: -200 });
    const pod = buildPod({ containers: [{ ...restarted, lastState }] });
    expect(judge(pod, { evidence: { events: [livenessKill] } }).primary).toBe('OOMKilled');
  });

  it('3: a disruption wins over a probe that Events prove', () => {
    const pod = buildPod({
      phase: 'Failed',
      conditions: {
        DisruptionTarget: { status: 'True', reason: 'PreemptionByScheduler', lastTransitionTime: at(-65) },
      },
      containers: [{ state: killed }],
    });
    const verdict = judge(pod, { evidence: { events: [livenessKill] } });
    expect(brief(verdict)).toBe('Preempted no-incident Failed');
    expect(findingOf(verdict, 'Preempted', 'app')).toMatchObject({ exitCode: 137, explainedBy: 'Preempted' });
  });

  it('3: a disruption does not explain a kill from long before it', () => {
    const pod = buildPod({
      phase: 'Failed',
      conditions: {
        DisruptionTarget: { status: 'True', reason: 'PreemptionByScheduler', lastTransitionTime: at(-20) },
      },
      containers: [{ state: killed }],
    });
    expect(brief(judge(pod))).toBe('Killed incident Failed');
  });

  it('4: a probe that Events prove wins over a failed postStart hook', () => {
    const verdict = judge(buildPod({ containers: [restarted] }), { evidence: { events: [hookFailed, livenessKill] } });
    expect(verdict.primary).toBe('LivenessProbeFailed');
    expect(findingOf(verdict, 'LivenessProbeFailed').confidence).toBe('confirmed');
  });

  it('4: an Event of an earlier run proves nothing about this one', () => {
    const pod = (started: number) => {
      const lastState = terminated({ exitCode: 137, started, finished: -60 });
      return buildPod({ containers: [{ ...restarted, lastState }] });
    };
    const events = [{ ...livenessKill, lastSeenAt: at(-80) }];
    expect(judge(pod(-79), { evidence: { events } }).primary).toBe('Killed');
    expect(judge(pod(-80), { evidence: { events } }).primary).toBe('LivenessProbeFailed');
  });

  it('4: an Event from longer before the end than the grace period proves nothing', () => {
    const events = (seen: number) => [{ ...livenessKill, lastSeenAt: at(seen) }];
    const judged = (seen: number) =>
      judge(buildPod({ containers: [restarted] }), { evidence: { events: events(seen) } });
    expect(judged(-101).primary).toBe('Killed');
    expect(judged(-100).primary).toBe('LivenessProbeFailed');
  });

  it('4: Unhealthy Events up to the threshold make the probe likely, fewer do not', () => {
    const pod = buildPod({ containers: [{ ...restarted, spec: { livenessProbe: probe({ failureThreshold: 20 }) } }] });
    const unhealthy = { ...livenessKill, reason: 'Unhealthy', message: 'Liveness probe failed: HTTP 503' };
    const enough = judge(pod, { evidence: { events: [{ ...unhealthy, count: 20, firstSeenAt: at(-190) }] } });
    expect(findingOf(enough, 'LivenessProbeFailed')).toMatchObject({ confidence: 'likely' });
    expect(findingOf(enough, 'LivenessProbeFailed').remedy).toContain('HTTP 503');
    const few = judge(pod, { evidence: { events: [{ ...unhealthy, count: 19, firstSeenAt: at(-190) }] } });
    expect(few.primary).toBe('Killed');
  });

  it('5: the back-off after PostStartHookError hides the hook, the previous snapshot does not', () => {
    const container = { lastState: killed, restarts: 1 };
    const previous = buildPod({
      containers: [{ ...container, state: waiting('PostStartHookError', 'exited with 1') }],
    });
    const pod = buildPod({ containers: [{ ...container, state: waiting('CrashLoopBackOff') }] });
    expect(judge(pod, { previous }).primary).toBe('PostStartHookFailed');
    const other = buildPod({
      containers: [
        { ...container, lastState: terminated({ exitCode: 137, finished: -1 }), state: waiting('CrashLoopBackOff') },
      ],
    });
    expect(judge(other, { previous }).primary).toBe('Killed');
  });

  it('5: a failed postStart hook wins over a deletion', () => {
    const pod = buildPod({ metadata: deleting(-70), containers: [{ state: killed }] });
    const verdict = judge(pod, { evidence: { events: [hookFailed] } });
    expect(findingOf(verdict, 'PostStartHookFailed')).toMatchObject({ exitCode: 137, excuse: 'deletion' });
    expect(verdict.incident).toBe(false);
  });

  it('6: an end at or after the start of the deletion is a forced stop', () => {
    const pod = buildPod({ metadata: deleting(-60), containers: [{ state: killed }] });
    const events = [{ reason: 'SystemOOM', regarding: { kind: 'Node', name: 'node-1' }, lastSeenAt: at(-60) }];
    const verdict = judge(pod, { evidence: { events } });
    expect(brief(verdict)).toBe('ForcedStop no-incident Terminating');
    expect(verdict.findings[0]).toMatchObject({ severity: 'info', signal: 'SIGKILL' });
  });

  it('6: an end before the start of the deletion is not', () => {
    const pod = buildPod({ metadata: deleting(-59), containers: [{ state: killed }] });
    expect(brief(judge(pod))).toBe('Killed incident Terminating');
  });

  it.each(['SystemOOM', 'OOMKilling'])('7: a %s Event of the node near the end makes OOM likely', (reason) => {
    const events = [{ reason, regarding: { kind: 'Node', name: 'node-1' }, lastSeenAt: at(-30) }];
    const verdict = judge(buildPod({ containers: [restarted] }), { evidence: { events } });
    expect(verdict.primary).toBe('OOMKilled');
    expect(verdict.findings[0]).toMatchObject({ confidence: 'likely', detail: 'node-level' });
  });

  it('7: trouble of another node, or of another hour, does not count', () => {
    const events = [
      { reason: 'SystemOOM', regarding: { kind: 'Node', name: 'node-2' }, lastSeenAt: at(-60) },
      { reason: 'SystemOOM', regarding: { kind: 'Node', name: 'node-1' }, lastSeenAt: at(-1000) },
    ];
    expect(judge(buildPod({ containers: [restarted] }), { evidence: { events } }).primary).toBe('Killed');
  });

  it('7: a reboot of the node near the end points to the node', () => {
    const events = [{ reason: 'Rebooted', regarding: { kind: 'Node', name: 'node-1' }, lastSeenAt: at(-40) }];
    const verdict = judge(buildPod({ containers: [restarted] }), { evidence: { events } });
    expect(verdict.primary).toBe('NodeLost');
    expect(verdict.findings[0]).toMatchObject({ confidence: 'likely', container: 'app' });
  });

  it('7: a node whose readiness changed near the end points to the node', () => {
    const node = { conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: at(-20) }] };
    expect(judge(buildPod({ containers: [restarted] }), { evidence: { node } }).primary).toBe('NodeLost');
  });

  it('8: otherwise it was killed, possibly, with memory use as a hint only', () => {
    const pod = buildPod({ containers: [{ ...restarted, memoryLimit: '64Mi' }] });
    const metrics = [{ container: 'app', memoryBytes: 60 * 2 ** 20 }];
    const verdict = judge(pod, { evidence: { metrics } });
    expect(brief(verdict)).toBe('Killed incident Degraded');
    const finding = findingOf(verdict, 'Killed');
    expect(finding).toMatchObject({
      confidence: 'possible',
      severity: 'high',
      detail: 'memory use was 94 % of the limit',
    });
    expect(finding.remedy).not.toMatch(/memory/i);
  });

  it('8: a recorded signal 9 is the same kill as exit code 137', () => {
    const lastState = terminated({ exitCode: 0, reason: 'Error', signal: 9 });
    expect(judge(buildPod({ containers: [{ ...restarted, lastState }] })).primary).toBe('Killed');
  });
});

describe('out of memory is graded', () => {
  const judgeOom = (exitCode: number, more: Parameters<typeof buildPod>[0] = {}) => {
    const state = terminated({ exitCode, reason: 'OOMKilled', finished: -60 });
    const pod = buildPod({ phase: 'Failed', containers: [{ state }], ...more });
    return findingOf(judge(pod), 'OOMKilled');
  };

  it.each([
    [137, 'confirmed'],
    [2, 'likely'],
    [143, 'possible'],
    [0, 'possible'],
  ])('with exit code %i it is %s', (exitCode, confidence) => {
    expect(judgeOom(exitCode).confidence).toBe(confidence);
  });

  it('while a delete is under way it is possible and opens nothing', () => {
    const oom = judgeOom(137, { metadata: deleting(-70) });
    expect(oom).toMatchObject({ confidence: 'possible', excuse: 'deletion' });
  });

  it('while a drain is under way it is possible and explained by it', () => {
    const condition = { status: 'True', reason: 'EvictionByEvictionAPI', lastTransitionTime: at(-70) };
    const oom = judgeOom(137, { conditions: { DisruptionTarget: condition } });
    expect(oom).toMatchObject({ confidence: 'possible', explainedBy: 'ApiEvicted' });
  });

  it('is critical when it loops', () => {
    const lastState = terminated({ exitCode: 137, reason: 'OOMKilled' });
    const pod = buildPod({ containers: [{ state: waiting('CrashLoopBackOff'), lastState, restarts: 2 }] });
    expect(findingOf(judge(pod), 'OOMKilled').severity).toBe('critical');
  });

  it('keeps the kill before a deletion an incident when the deletion ends in another one', () => {
    const oom = { exitCode: 137, reason: 'OOMKilled' };
    const container = { state: terminated({ ...oom, finished: -5 }), lastState: terminated(oom), restarts: 1 };
    const verdict = judge(buildPod({ metadata: deleting(-20), containers: [container] }));
    expect(verdict.findings.map(({ confidence }) => confidence)).toEqual(['confirmed', 'possible']);
    expect(verdict.incident).toBe(true);
  });
});
