import { describe, expect, it } from '@jest/globals';
import {
  at,
  buildPod,
  deleting,
  finallyDeleted,
  probe,
  running,
  statusUnknown,
  terminated,
  waiting,
} from '../../../helpers/pods.ts';
import { brief, findingOf, judge } from '../../../helpers/verdicts.ts';

describe('traps that a verdict must not fall into', () => {
  it('calls OOMKilled with exit code 2 out of memory, and only likely', () => {
    const pod = buildPod({
      containers: [{ state: running(-50), lastState: terminated({ exitCode: 2, reason: 'OOMKilled' }), restarts: 1 }],
    });
    const verdict = judge(pod);
    expect(brief(verdict)).toBe('OOMKilled incident Degraded');
    expect(findingOf(verdict, 'OOMKilled')).toMatchObject({ confidence: 'likely', exitCode: 2, restarts: 1 });
  });

  it('finds OOMKilled that only lastState tells of, long after the container is ready again', () => {
    const lastState = terminated({ exitCode: 137, reason: 'OOMKilled', started: -3000, finished: -2000 });
    const pod = buildPod({ containers: [{ memoryLimit: '64Mi', state: running(-1999), lastState, restarts: 3 }] });
    const verdict = judge(pod);
    expect(brief(verdict)).toBe('OOMKilled incident Healthy');
    expect(findingOf(verdict, 'OOMKilled')).toMatchObject({
      confidence: 'confirmed',
      severity: 'high',
      summary: 'container app was killed by the kernel: out of memory (limit 64Mi), exit code 137, restarted 3 times',
    });
  });

  it('calls 137/Error of a liveness kill the probe, not out of memory', () => {
    const lastState = terminated({ exitCode: 137, started: -200, finished: -60 });
    const spec = { livenessProbe: probe() };
    const pod = buildPod({ containers: [{ spec, state: running(-58), lastState, restarts: 1 }] });
    const verdict = judge(pod);
    expect(brief(verdict)).toBe('LivenessProbeFailed incident Degraded');
    expect(findingOf(verdict, 'LivenessProbeFailed').confidence).toBe('possible');
    expect(JSON.stringify(verdict)).not.toContain('OOM');
  });

  it('takes exit 0 of a liveness kill for a restart after 0, unless Events prove the probe', () => {
    const lastState = terminated({ exitCode: 0, started: -200, finished: -60 });
    const spec = { livenessProbe: probe() };
    const pod = buildPod({ containers: [{ spec, state: running(-58), lastState, restarts: 1 }] });
    expect(brief(judge(pod))).toBe('RestartedAfterExit0 no-incident Degraded');
    const message = 'Container app failed liveness probe, will be restarted';
    const events = [{ reason: 'Killing', message, fieldPath: 'spec.containers{app}', lastSeenAt: at(-61) }];
    const proven = judge(pod, { evidence: { events } });
    expect(brief(proven)).toBe('LivenessProbeFailed incident Degraded');
    expect(findingOf(proven, 'LivenessProbeFailed')).toMatchObject({ confidence: 'confirmed', exitCode: 0 });
  });

  it('takes 137 with PostStartHookError and no restart for a failed postStart hook', () => {
    const state = waiting('PostStartHookError', 'rpc error');
    const pod = buildPod({ containers: [{ state, lastState: terminated({ exitCode: 137 }), restarts: 0 }] });
    const verdict = judge(pod);
    expect(brief(verdict)).toBe('PostStartHookFailed incident Degraded');
    expect(verdict.findings).toHaveLength(1);
    expect(verdict.findings[0]).toMatchObject({ exitCode: 137, restarts: 0, confidence: 'confirmed' });
  });

  it('explains 137/Error of an evicted pod by the eviction, also without DisruptionTarget', () => {
    const message = 'The node was low on resource: memory. Threshold quantity: 100Mi, available: 50Mi.';
    const pod = buildPod({
      phase: 'Failed',
      status: { reason: 'Evicted', message },
      containers: [{ state: terminated({ exitCode: 137 }) }],
    });
    const verdict = judge(pod);
    expect(brief(verdict)).toBe('Evicted incident Failed');
    expect(findingOf(verdict, 'Evicted')).toMatchObject({ detail: 'memory', severity: 'high' });
    expect(findingOf(verdict, 'Evicted', 'app')).toMatchObject({ explainedBy: 'Evicted', excuse: 'disruption' });
    expect(new Set(verdict.findings.map(({ cause }) => cause))).toEqual(new Set(['Evicted']));
  });

  it('opens nothing for a preempted pod whose container never ran', () => {
    const pod = buildPod({
      phase: 'Failed',
      status: { reason: 'Preempting', message: 'Preempted in order to admit critical pod' },
      containers: [{ state: statusUnknown() }],
    });
    const verdict = judge(pod);
    expect(brief(verdict)).toBe('Preempted no-incident Failed');
    expect(findingOf(verdict, 'StatusLost')).toMatchObject({ explainedBy: 'Preempted', severity: 'low' });
  });

  it('calls exit 143 on scale-down a graceful stop', () => {
    const pod = buildPod({
      metadata: deleting(-20),
      containers: [{ state: terminated({ exitCode: 143, finished: -5 }) }],
    });
    const verdict = judge(pod);
    expect(brief(verdict)).toBe('GracefulStop no-incident Terminating');
    expect(verdict.findings[0]).toMatchObject({ severity: 'info', signal: 'SIGTERM', exitCode: 143 });
  });

  it('opens nothing for a sidecar that exits 1 after the Job has finished', () => {
    const pod = buildPod({
      owner: 'Job',
      spec: { restartPolicy: 'Never' },
      containers: [
        { state: terminated({ exitCode: 0, finished: -60 }) },
        { name: 'proxy', type: 'sidecar', state: terminated({ exitCode: 1, finished: -58 }) },
      ],
    });
    const verdict = judge(pod);
    expect(verdict.incident).toBe(false);
    expect(findingOf(verdict, 'GracefulStop', 'proxy').exitCode).toBe(1);
  });

  it('opens nothing for exit 255 in a pod that succeeded', () => {
    const pod = buildPod({ phase: 'Succeeded', containers: [{ state: terminated({ exitCode: 255 }) }] });
    const verdict = judge(pod);
    expect(brief(verdict)).toBe('Completed no-incident Completed');
    expect(verdict.findings[0]).toMatchObject({ exitCode: 255, detail: 'exit code 255 in a pod that succeeded' });
  });

  it('blames an init container in CrashLoopBackOff for a pod that does not start', () => {
    const lastState = terminated({ exitCode: 3 });
    const pod = buildPod({
      phase: 'Pending',
      containers: [
        { name: 'migrate', type: 'init', state: waiting('CrashLoopBackOff'), lastState, restarts: 5 },
        { state: waiting('PodInitializing') },
      ],
    });
    const verdict = judge(pod);
    expect(brief(verdict)).toBe('AppError incident Degraded');
    expect(verdict.findings).toHaveLength(1);
    expect(verdict.findings[0]).toMatchObject({
      container: 'migrate',
      containerType: 'init',
      severity: 'high',
      restarts: 5,
    });
  });

  it('blames a failed init container when the pod may not restart it', () => {
    const pod = buildPod({
      phase: 'Failed',
      spec: { restartPolicy: 'Never' },
      containers: [
        { name: 'migrate', type: 'init', state: terminated({ exitCode: 3 }) },
        { state: waiting('PodInitializing') },
      ],
    });
    const verdict = judge(pod);
    expect(brief(verdict)).toBe('AppError incident Failed');
    expect(verdict.findings.map(({ container }) => container)).toEqual(['migrate']);
  });

  it('keeps a healthy pod healthy whose ephemeral container cannot be pulled', () => {
    const state = waiting('ImagePullBackOff', 'Back-off pulling image "nope"');
    const verdict = judge(buildPod({ containers: [{}, { name: 'debug', type: 'ephemeral', state }] }));
    expect(brief(verdict)).toBe('none no-incident Healthy');
    expect(findingOf(verdict, 'EphemeralContainerFailed')).toMatchObject({ severity: 'low', container: 'debug' });
  });

  it.each([3221225477, -1073741819])('never calls the Windows exit code %i a signal', (exitCode) => {
    const pod = buildPod({ containers: [{ lastState: terminated({ exitCode }), state: running(-50), restarts: 1 }] });
    const finding = findingOf(judge(pod), 'AppError');
    expect(finding.signal).toBeUndefined();
    expect(finding.summary).toContain('0xC0000005 (access violation)');
    expect(JSON.stringify(finding)).not.toMatch(/signal/i);
  });

  it('still reports the crash of a pod whose delete carries its only termination record', () => {
    const crash = terminated({ exitCode: 1, finished: -300 });
    const pod = buildPod({ metadata: finallyDeleted(-1), containers: [{ state: crash }] });
    const verdict = judge(pod, { previous: buildPod(), deleted: true });
    expect(brief(verdict)).toBe('AppError incident Terminating');
  });

  it('opens nothing when the delete carries a record from within the grace period', () => {
    const stop = terminated({ exitCode: 137, finished: -5 });
    const pod = buildPod({ metadata: finallyDeleted(-1), containers: [{ state: stop }] });
    expect(brief(judge(pod, { deleted: true }))).toBe('ForcedStop no-incident Terminating');
  });

  it.each([null, undefined, []])('copes with containerStatuses being %p', (containerStatuses) => {
    const pending = buildPod({
      phase: 'Pending',
      status: { containerStatuses },
      conditions: { PodScheduled: { status: 'True', lastTransitionTime: at(-10) } },
      containers: [{ state: null }],
    });
    expect(brief(judge(pending))).toBe('none no-incident Progressing');
  });

  it('keeps a terminated reason it does not know, as possible', () => {
    const lastState = terminated({ exitCode: 7, reason: 'FellOver' });
    const pod = buildPod({ containers: [{ state: running(-50), lastState, restarts: 1 }] });
    expect(findingOf(judge(pod), 'AppError')).toMatchObject({ confidence: 'possible', detail: 'FellOver' });
  });

  it('keeps a waiting reason it does not know, as possible', () => {
    const pod = buildPod({ phase: 'Pending', containers: [{ state: waiting('PreCreateHookError', 'no') }] });
    const verdict = judge(pod);
    expect(brief(verdict)).toBe('StartupStalled incident Degraded');
    expect(verdict.findings[0]).toMatchObject({ confidence: 'possible', detail: 'PreCreateHookError' });
  });

  it('judges a pod of 60 crashing containers completely', () => {
    const containers = Array.from({ length: 60 }, (_, index) => ({
      name: `worker-${index}`,
      state: running(-50),
      lastState: terminated({ exitCode: 3, finished: -60 - index }),
      restarts: 4,
    }));
    const verdict = judge(buildPod({ containers }));
    expect(verdict.findings).toHaveLength(60);
    expect(verdict.droppedFindings).toBeUndefined();
    expect(verdict.findings[0]).toMatchObject({ container: 'worker-0', severity: 'high' });
    expect(new Set(verdict.findings.map(({ container }) => container)).size).toBe(60);
  });
});
