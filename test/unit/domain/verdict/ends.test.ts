import { describe, expect, it } from '@jest/globals';
import { at, buildPod, running, terminated, waiting } from '../../../helpers/pods.ts';
import { brief, findingOf, judge } from '../../../helpers/verdicts.ts';

const after = (lastState: Parameters<typeof terminated>[0], restarts = 1) =>
  buildPod({ containers: [{ state: running(-58), lastState: terminated(lastState), restarts }] });

describe('an end by a signal', () => {
  it.each([
    [129, 'SIGHUP'],
    [130, 'SIGINT'],
    [134, 'SIGABRT'],
    [135, 'SIGBUS'],
    [136, 'SIGFPE'],
    [139, 'SIGSEGV'],
    [141, 'SIGPIPE'],
    [159, 'SIGSYS'],
  ])('with exit code %i is named %s and of high severity', (exitCode, signal) => {
    expect(findingOf(judge(after({ exitCode })), 'Signalled')).toMatchObject({ signal, exitCode, severity: 'high' });
  });

  it('is of medium severity for SIGTERM that nothing explains', () => {
    expect(findingOf(judge(after({ exitCode: 143 })), 'Signalled')).toMatchObject({
      signal: 'SIGTERM',
      severity: 'medium',
    });
  });

  it('is found in terminated.signal', () => {
    expect(findingOf(judge(after({ exitCode: 1, signal: 11 })), 'Signalled').signal).toBe('SIGSEGV');
  });

  it.each([128, 160, 255, 1])('is not read into exit code %i', (exitCode) => {
    expect(judge(after({ exitCode })).primary).toBe('AppError');
  });

  it('is not read into any exit code of a Windows node', () => {
    const evidence = { node: { conditions: [], operatingSystem: 'windows' } };
    expect(judge(after({ exitCode: 139 }), { evidence }).primary).toBe('AppError');
  });
});

describe('an application error', () => {
  it('is told with its exit code and restarts', () => {
    expect(findingOf(judge(after({ exitCode: 3 }, 5)), 'AppError').summary).toBe(
      'container app exited with code 3, restarted 5 times',
    );
  });

  it('keeps what the container said last as evidence', () => {
    const evidence = findingOf(judge(after({ exitCode: 3, message: 'no database' })), 'AppError').evidence;
    expect(evidence).toContainEqual({
      source: 'pod',
      path: 'status.containerStatuses[app].lastState.terminated.message',
      value: 'no database',
    });
  });

  it.each([126, 127])('with exit code %i gets a hint about the command', (exitCode) => {
    expect(findingOf(judge(after({ exitCode })), 'AppError').remedy).toContain('command');
  });

  it('is high in CrashLoopBackOff, and after three restarts within ten minutes', () => {
    const lastState = terminated({ exitCode: 3, started: -9000, finished: -8000 });
    const backOff = buildPod({ containers: [{ state: waiting('CrashLoopBackOff'), lastState, restarts: 1 }] });
    expect(findingOf(judge(backOff), 'AppError').severity).toBe('high');
    expect(findingOf(judge(after({ exitCode: 3, finished: -600 }, 3)), 'AppError').severity).toBe('high');
  });

  it('is medium with fewer restarts, or when it was longer ago', () => {
    expect(findingOf(judge(after({ exitCode: 3 }, 2)), 'AppError').severity).toBe('medium');
    const older = after({ exitCode: 3, started: -900, finished: -601 }, 9);
    expect(findingOf(judge(older), 'AppError').severity).toBe('medium');
  });

  it('is told once when the last two ends are alike, by the newer', () => {
    const container = {
      state: terminated({ exitCode: 1 }),
      lastState: terminated({ exitCode: 2, finished: -80 }),
      restarts: 1,
    };
    const { findings } = judge(buildPod({ containers: [container] }));
    expect(findings).toMatchObject([{ cause: 'AppError', exitCode: 1 }]);
  });
});

describe('an end with exit code 0', () => {
  const state = terminated({ exitCode: 0 });

  it.each(['Never', 'OnFailure'])('completes a container with restartPolicy %s', (restartPolicy) => {
    const containers = [{}, { name: 'task', state }];
    expect(findingOf(judge(buildPod({ spec: { restartPolicy }, containers })), 'Completed').container).toBe('task');
  });

  it('completes a container whose own restartPolicy says so in a pod that restarts always', () => {
    const containers = [{}, { name: 'task', state, spec: { restartPolicy: 'Never' } }];
    expect(findingOf(judge(buildPod({ containers })), 'Completed').container).toBe('task');
  });

  it('is a restart for any other container, also before it has happened', () => {
    expect(judge(buildPod({ containers: [{ state }] })).primary).toBe('RestartedAfterExit0');
    const sidecar = { name: 'proxy', type: 'sidecar' as const, state };
    const verdict = judge(buildPod({ spec: { restartPolicy: 'Never' }, containers: [{}, sidecar] }));
    expect(findingOf(verdict, 'RestartedAfterExit0').container).toBe('proxy');
  });

  it('is a crash when it loops', () => {
    const verdict = judge(after({ exitCode: 0 }, 3));
    expect(brief(verdict)).toBe('RestartedAfterExit0 incident Degraded');
    expect(verdict.findings[0]).toMatchObject({ category: 'crash', severity: 'medium' });
  });

  it('opens nothing when it does not', () => {
    expect(judge(after({ exitCode: 0 }, 2)).incident).toBe(false);
  });
});

describe('a container that the runtime cannot start', () => {
  it.each([
    ['StartError', 128],
    ['ContainerCannotRun', 127],
  ])('is found by reason %s, with restartCount still 0', (reason, exitCode) => {
    const message = 'exec: "nope": executable file not found in $PATH';
    const lastState = terminated({ exitCode, reason, message });
    const pod = buildPod({ containers: [{ state: waiting('RunContainerError', message), lastState, restarts: 0 }] });
    const verdict = judge(pod);
    expect(brief(verdict)).toBe('ContainerStartFailed incident Degraded');
    expect(verdict.findings).toHaveLength(1);
    expect(verdict.findings[0]).toMatchObject({ exitCode, restarts: 0 });
    expect(verdict.findings[0]?.remedy).toContain('no such executable');
  });

  it('tells a missing permission from a missing file', () => {
    const state = waiting('RunContainerError', 'exec /run.sh: permission denied');
    expect(findingOf(judge(buildPod({ containers: [{ state }] })), 'ContainerStartFailed').remedy).toContain(
      'executable',
    );
  });

  it('does not take the times 1970-01-01 of a StartError for a long gap', () => {
    const record = {
      exitCode: 128,
      reason: 'StartError',
      startedAt: '1970-01-01T00:00:00Z',
      finishedAt: '1970-01-01T00:00:00Z',
    };
    const pod = buildPod({ containers: [{ state: running(-58), lastState: { terminated: record }, restarts: 1 }] });
    expect(findingOf(judge(pod), 'ContainerStartFailed').excuse).toBeUndefined();
  });
});

describe('an end at the pod’s active deadline', () => {
  const spec = { activeDeadlineSeconds: 60, restartPolicy: 'Never' };
  const pod = (finished: number, exitCode = 137) =>
    buildPod({ spec, status: { startTime: at(-120) }, containers: [{ state: terminated({ exitCode, finished }) }] });

  it('is the deadline’s, already before the kubelet has written the reason', () => {
    const verdict = judge(pod(-60));
    expect(verdict.primary).toBe('DeadlineExceeded');
    expect(findingOf(verdict, 'DeadlineExceeded').confidence).toBe('likely');
    expect(findingOf(verdict, 'ForcedStop').explainedBy).toBe('DeadlineExceeded');
  });

  it('is the container’s own when it came before, or by itself', () => {
    expect(judge(pod(-61)).primary).toBe('Killed');
    expect(judge(pod(-60, 1)).primary).toBe('AppError');
  });
});
