import { describe, expect, it } from '@jest/globals';
import type { EventEvidence } from '../../../../domain/pods/verdict/evidence.ts';
import { at, buildPod, type ContainerParts, running, terminated, waiting } from '../../../helpers/pods.ts';
import { brief, findingOf, judge } from '../../../helpers/verdicts.ts';

/** Scheduled so many seconds ago and still Pending. */
function pending(containers: readonly ContainerParts[], scheduled = -20, conditions = {}) {
  const PodScheduled = { status: 'True', lastTransitionTime: at(scheduled) };
  return buildPod({ phase: 'Pending', conditions: { PodScheduled, ...conditions }, containers });
}

const creating = { state: waiting('ContainerCreating') };

describe('an image that cannot be pulled', () => {
  it.each([
    [
      'ErrImagePull',
      'failed to resolve reference "docker.io/library/nginx:nope": docker.io/library/nginx:nope: not found',
      'not-found',
    ],
    ['ErrImagePull', 'manifest unknown', 'not-found'],
    ['ErrImagePull', 'pull access denied, repository does not exist or may require authorization', 'unauthorized'],
    ['ErrImagePull', 'unexpected status from HEAD request: 401 Unauthorized', 'unauthorized'],
    ['ErrImagePull', 'dial tcp 192.0.2.1:443: i/o timeout', 'timeout'],
    ['ErrImagePull', 'net/http: TLS handshake timeout', 'timeout'],
    ['ErrImagePull', 'tls: failed to verify certificate: x509: certificate signed by unknown authority', 'tls'],
    ['ErrImagePull', 'toomanyrequests: You have reached your pull rate limit', 'rate-limited'],
    ['InvalidImageName', 'couldn’t parse image reference', 'invalid-name'],
    ['ErrImageNeverPull', 'Container image is not present with pull policy of Never', 'never-pull'],
    ['ImageInspectError', 'broken', 'unknown'],
    ['RegistryUnavailable', 'no', 'unknown'],
    ['SignatureValidationFailed', 'no', 'unknown'],
    ['ImagePullBackOff', 'Back-off pulling image "registry.test/app:1"', 'unknown'],
  ])('%s: %s is %s', (reason, message, detail) => {
    const verdict = judge(pending([{ state: waiting(reason, message) }]));
    expect(brief(verdict)).toBe('ImagePullFailed incident Degraded');
    expect(findingOf(verdict, 'ImagePullFailed')).toMatchObject({ detail, severity: 'high' });
    expect(findingOf(verdict, 'ImagePullFailed').remedy).toContain('registry.test/app:1');
  });

  it('in back-off is explained by the error of the previous snapshot', () => {
    const previous = pending([{ state: waiting('ErrImagePull', 'registry.test/app:1: not found') }]);
    const pod = pending([{ state: waiting('ImagePullBackOff', 'Back-off pulling image') }]);
    const finding = findingOf(judge(pod, { previous }), 'ImagePullFailed');
    expect(finding.detail).toBe('not-found');
    expect(finding.evidence.map(({ source }) => source)).toContain('previous-pod');
  });

  it('in back-off is explained by an Event', () => {
    const pod = pending([{ state: waiting('ImagePullBackOff', 'Back-off pulling image') }]);
    const message = 'Failed to pull image "registry.test/app:1": 403 Forbidden';
    const events = [{ reason: 'Failed', message, fieldPath: 'spec.containers{app}', lastSeenAt: at(-5) }];
    expect(findingOf(judge(pod, { evidence: { events } }), 'ImagePullFailed').detail).toBe('unauthorized');
  });

  it('blames the init container that waits for it', () => {
    const init = { name: 'setup', type: 'init' as const, state: waiting('ImagePullBackOff') };
    const verdict = judge(pending([init, { state: waiting('PodInitializing') }]));
    expect(verdict.findings).toMatchObject([{ cause: 'ImagePullFailed', container: 'setup', containerType: 'init' }]);
  });
});

describe('an invalid container configuration', () => {
  it.each([
    ['configmap "settings" not found', 'create ConfigMap settings'],
    ['secret "token" not found', 'create Secret token'],
    ["couldn't find key db in Secret shop/token", 'add key db to Secret shop/token'],
    ['container has runAsNonRoot and image will run as root', 'non-root user'],
    ['something else', 'correct what the message says'],
  ])('%s: %s', (message, remedy) => {
    const verdict = judge(pending([{ state: waiting('CreateContainerConfigError', message) }]));
    expect(findingOf(verdict, 'ContainerConfigInvalid').remedy).toContain(remedy);
  });
});

describe('a volume that cannot be mounted', () => {
  const mount: EventEvidence = {
    reason: 'FailedMount',
    message: 'MountVolume.SetUp failed for volume "data" : secret "certs" not found',
    lastSeenAt: at(-10),
  };

  it.each(['FailedMount', 'FailedAttachVolume', 'FailedMapVolume'])('is found by %s beyond the window', (reason) => {
    const verdict = judge(pending([creating], -300), { evidence: { events: [{ ...mount, reason }] } });
    expect(brief(verdict)).toBe('VolumeMountFailed incident Degraded');
    expect(verdict.findings).toMatchObject([
      { detail: 'data', remedy: 'create secret certs, or correct its name in the pod' },
    ]);
  });

  it('is not claimed before the window is over', () => {
    expect(judge(pending([creating], -299), { evidence: { events: [mount] } }).findings).toEqual([]);
  });
});

describe('a sandbox that cannot be set up', () => {
  const event = { reason: 'NetworkNotReady', message: 'network is not ready', lastSeenAt: at(-5) };
  const noSandbox = { PodReadyToStartContainers: { status: 'False', lastTransitionTime: at(-400) } };

  it('is found by its Event at once', () => {
    expect(findingOf(judge(pending([creating]), { evidence: { events: [event] } }), 'SandboxFailed').confidence).toBe(
      'confirmed',
    );
  });

  it('is possible by the condition beyond the window, and not before', () => {
    expect(findingOf(judge(pending([creating], -300, noSandbox)), 'SandboxFailed').confidence).toBe('possible');
    expect(judge(pending([creating], -299, noSandbox)).findings).toEqual([]);
  });

  it('is not claimed when a container has started, or when a volume explains it', () => {
    const init = { name: 'setup', type: 'init' as const, state: running(-10) };
    expect(judge(pending([init, creating]), { evidence: { events: [event] } }).findings).toEqual([]);
    const mount = { reason: 'FailedMount', message: 'no', lastSeenAt: at(-10) };
    const { findings } = judge(pending([creating], -300, noSandbox), { evidence: { events: [mount] } });
    expect(findings.map(({ cause }) => cause)).toEqual(['VolumeMountFailed']);
  });

  it('takes no Event of another pod', () => {
    const events = [
      { ...event, regarding: { kind: 'Pod', uid: 'uid-0' } },
      { ...event, regarding: { kind: 'Pod', name: 'db' } },
    ];
    expect(judge(pending([creating]), { evidence: { events } }).findings).toEqual([]);
  });
});

describe('a start that stalls', () => {
  it('is found beyond the window only', () => {
    expect(brief(judge(pending([creating], -300)))).toBe('StartupStalled incident Degraded');
    expect(brief(judge(pending([creating], -299)))).toBe('none no-incident Progressing');
  });

  it('is not claimed when a cause is found', () => {
    const verdict = judge(pending([{ state: waiting('ImagePullBackOff') }], -900));
    expect(verdict.findings.map(({ cause }) => cause)).toEqual(['ImagePullFailed']);
  });

  it('counts from the last progress of init containers, and names the one that runs', () => {
    const init = (started: number) => ({ name: 'wait-for-db', type: 'init' as const, state: running(started) });
    const app = { state: waiting('PodInitializing') };
    expect(judge(pending([init(-299), app], -900)).findings).toEqual([]);
    const verdict = judge(pending([init(-300), app], -900));
    expect(findingOf(verdict, 'StartupStalled')).toMatchObject({
      confidence: 'possible',
      detail: 'init container wait-for-db runs',
    });
    const done = { name: 'setup', type: 'init' as const, state: terminated({ exitCode: 0 }) };
    expect(judge(pending([done, app], -900)).findings).toEqual([]);
  });

  it('is not claimed of a pod without a node, or one that is gone', () => {
    const unscheduled = buildPod({
      phase: 'Pending',
      conditions: { PodScheduled: null },
      spec: { nodeName: null },
      containers: [creating],
    });
    expect(judge(unscheduled).findings).toEqual([]);
    expect(judge(pending([creating], -900), { deleted: true }).findings).toEqual([]);
  });
});

describe('lifecycle hooks', () => {
  const failed = (reason: string, seen = -30): EventEvidence => ({
    reason,
    message: 'command exited with 1',
    fieldPath: 'spec.containers{app}',
    lastSeenAt: at(seen),
  });

  it('a failed postStart hook is found by its Event while the container is not ready', () => {
    const events = [failed('FailedPostStartHook', -4000)];
    expect(
      judge(buildPod({ containers: [{ ready: false, state: running(-10) }] }), { evidence: { events } }).primary,
    ).toBe('PostStartHookFailed');
    expect(judge(buildPod(), { evidence: { events } }).findings).toEqual([]);
  });

  it('a failed postStart hook is told once when the last end tells it too', () => {
    const container = {
      state: waiting('CrashLoopBackOff'),
      lastState: terminated({ exitCode: 143, finished: -29 }),
      restarts: 2,
    };
    const { findings } = judge(buildPod({ containers: [container] }), {
      evidence: { events: [failed('FailedPostStartHook')] },
    });
    expect(findings).toMatchObject([{ cause: 'PostStartHookFailed', exitCode: 143 }]);
  });

  it('a failed preStop hook opens nothing', () => {
    const verdict = judge(buildPod(), { evidence: { events: [failed('FailedPreStopHook')] } });
    expect(verdict.incident).toBe(false);
    expect(findingOf(verdict, 'PreStopHookFailed').severity).toBe('low');
  });
});
