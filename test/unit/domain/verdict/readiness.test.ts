import { describe, expect, it } from '@jest/globals';
import {
  at,
  buildPod,
  type ContainerParts,
  deleting,
  probe,
  running,
  terminated,
  waiting,
} from '../../../helpers/pods.ts';
import { brief, findingOf, judge } from '../../../helpers/verdicts.ts';

const unready = (started: number, readinessProbe = probe(), more: ContainerParts = {}) =>
  buildPod({ containers: [{ state: running(started), ready: false, spec: { readinessProbe }, ...more }] });

const unhealthy = {
  reason: 'Unhealthy',
  message: 'Readiness probe failed: HTTP probe failed with statuscode: 503',
  fieldPath: 'spec.containers{app}',
  lastSeenAt: at(-5),
};

describe('a readiness probe that fails', () => {
  it('is claimed 120 s after the container started, as likely', () => {
    expect(findingOf(judge(unready(-120)), 'ReadinessProbeFailing').confidence).toBe('likely');
    expect(brief(judge(unready(-119)))).toBe('none no-incident Progressing');
  });

  it('is claimed at once and confirmed when an Event says so', () => {
    const finding = findingOf(judge(unready(-20), { evidence: { events: [unhealthy] } }), 'ReadinessProbeFailing');
    expect(finding.confidence).toBe('confirmed');
    expect(finding.remedy).toContain('statuscode: 503');
  });

  it('is not claimed by an Event of an earlier run or of another probe', () => {
    const events = [
      { ...unhealthy, lastSeenAt: at(-21) },
      { ...unhealthy, message: 'Liveness probe failed: no' },
    ];
    expect(judge(unready(-20), { evidence: { events } }).findings).toEqual([]);
  });

  it('is given the time that the probe itself asks for', () => {
    const slow = probe({ initialDelaySeconds: 200, periodSeconds: 10, failureThreshold: 10 });
    expect(judge(unready(-299, slow)).findings).toEqual([]);
    expect(judge(unready(-300, slow)).primary).toBe('ReadinessProbeFailing');
  });

  it('is only possible when the pod shows no such probe', () => {
    const pod = buildPod({ containers: [{ state: running(-120), ready: false }] });
    expect(findingOf(judge(pod), 'ReadinessProbeFailing').confidence).toBe('possible');
  });

  it('is not claimed while the startup probe has not passed, or while the pod is being deleted', () => {
    const spec = { readinessProbe: probe(), startupProbe: probe() };
    expect(judge(unready(-500, probe(), { spec, started: false })).findings).toEqual([]);
    const going = buildPod({ metadata: deleting(-5), containers: [{ state: running(-500), ready: false }] });
    expect(judge(going).findings).toEqual([]);
  });

  it('is explained by a recent end of the same container', () => {
    const lastState = terminated({ exitCode: 1, started: -400, finished: -130 });
    const verdict = judge(unready(-121, probe(), { lastState, restarts: 1 }));
    expect(findingOf(verdict, 'ReadinessProbeFailing').explainedBy).toBe('AppError');
    expect(verdict.primary).toBe('AppError');
  });

  it('names the container at fault among several', () => {
    const containers = [{}, { name: 'slow', state: running(-500), ready: false, spec: { readinessProbe: probe() } }];
    expect(judge(buildPod({ containers })).findings.map(({ container }) => container)).toEqual(['slow']);
  });
});

describe('a readiness gate', () => {
  const gated = (conditions: Parameters<typeof buildPod>[0] = {}) =>
    buildPod({ spec: { readinessGates: [{ conditionType: 'lb/ok' }, { conditionType: 'dns/ok' }] }, ...conditions });

  it('is unmet when its condition is absent or False', () => {
    const Ready = { status: 'False', reason: 'ReadinessGatesNotReady' };
    const verdict = judge(gated({ conditions: { Ready, 'dns/ok': { status: 'False' } } }));
    expect(brief(verdict)).toBe('ReadinessGateUnmet no-incident Progressing');
    expect(verdict.findings[0]?.detail).toBe('lb/ok, dns/ok');
  });

  it('is met by a True condition', () => {
    const verdict = judge(gated({ conditions: { 'lb/ok': { status: 'True' }, 'dns/ok': { status: 'True' } } }));
    expect(verdict.findings).toEqual([]);
  });

  it('does not matter while containers are not ready', () => {
    expect(judge(gated({ containers: [{ ready: false, state: running(-5) }] })).findings).toEqual([]);
  });
});

describe('an ephemeral container', () => {
  const debug = (more: ContainerParts) => buildPod({ containers: [{}, { name: 'debug', type: 'ephemeral', ...more }] });

  it.each(['ErrImagePull', 'CreateContainerError', 'CrashLoopBackOff'])(
    'that waits with %s opens nothing',
    (reason) => {
      const verdict = judge(debug({ state: waiting(reason) }));
      expect(brief(verdict)).toBe('none no-incident Healthy');
      expect(verdict.findings).toMatchObject([{ cause: 'EphemeralContainerFailed', detail: reason }]);
    },
  );

  it.each([1, 130, 137, 143])('that ends with %i opens nothing', (exitCode) => {
    const verdict = judge(debug({ state: terminated({ exitCode }) }));
    expect(verdict.findings).toMatchObject([{ cause: 'EphemeralContainerFailed', exitCode }]);
    expect(verdict.incident).toBe(false);
  });

  it('that ends with 0 or is being created is no finding', () => {
    expect(judge(debug({ state: terminated({ exitCode: 0 }) })).findings).toEqual([]);
    expect(judge(debug({ state: waiting('ContainerCreating') })).findings).toEqual([]);
  });

  it('that the kernel killed is out of memory like any other', () => {
    const state = terminated({ exitCode: 137, reason: 'OOMKilled' });
    expect(judge(debug({ state })).findings).toMatchObject([{ cause: 'OOMKilled', containerType: 'ephemeral' }]);
  });
});
