import { describe, expect, it, jest } from '@jest/globals';
import type { SentPod } from '../../../../platform/kubernetes/client/pods.ts';
import { KubernetesError } from '../../../../platform/kubernetes/kubernetes-error.ts';
import type { ProbeAnswer } from '../../../../platform/sessions/probe.ts';
import {
  away,
  createStubRig,
  key,
  namespace,
  podRef,
  ref,
  runActivity,
  sentPod,
  sessionClass,
  startActivity,
  type StubRig,
} from './session-stubs.ts';

const apiError = (status: number | null) =>
  new KubernetesError({ verb: 'get', resource: 'pods', status, reason: 'Test', detail: `pod "s-${key}-7"` });
const ready = { conditions: [{ type: 'Ready', status: 'True' }] };
const ok: ProbeAnswer = { answered: true, status: 200, body: '' };
const made = {
  ...ref,
  sessionId: 'alice-1',
  ownerHash: 'owner',
  tenant: '',
  namespace,
  incarnation: 7,
  class: sessionClass,
  runId: 'run-1',
};

describe('creating the pod of a session', () => {
  it('confirms the slot for the run first, and goes on without Redis', async () => {
    const rig = createStubRig();
    await runActivity(rig, 'createSessionPod', made);
    expect(rig.confirmed).toEqual(['run-1']);
    const other = createStubRig();
    const admission = { ...other.dependencies.admission, confirm: () => Promise.resolve(away) };
    expect(await runActivity(other, 'createSessionPod', made, { admission })).toMatchObject({ uid: 'uid-new' });
  });

  it('gives a native pod its own key, and another one none', async () => {
    const keyOf = async (identity: 'native' | 'none') => {
      const rig = createStubRig();
      await runActivity(rig, 'createSessionPod', { ...made, class: { ...sessionClass, identity } });
      const env = (rig.created[0] as SentPod).spec?.containers[0]?.env ?? [];
      return env.find(({ name }) => name === 'PODKEEPER_POD_KEY')?.value;
    };
    const { signingKeys } = createStubRig().dependencies;
    expect(await keyOf('native')).toBe(signingKeys.podKey(podRef(7).name, signingKeys.kid));
    expect(await keyOf('none')).toBeUndefined();
  });

  it('takes over what an earlier try made, and nothing that only looks so', async () => {
    const rig = createStubRig({ pods: [sentPod(7)] });
    expect(await runActivity(rig, 'createSessionPod', made)).toMatchObject({ uid: 'uid-7', incarnation: 7 });
    const other = createStubRig({ pods: [sentPod(7, { forged: true })] });
    await expect(runActivity(other, 'createSessionPod', made)).rejects.toMatchObject({ type: 'pod_name_taken' });
    expect(other.deleted).toEqual(['uid-7']);
  });

  it.each([
    [422, 'pod_refused', true],
    [403, 'pod_refused', true],
    [500, 'kubernetes_unavailable', false],
    [null, 'kubernetes_unavailable', false],
  ])('an API server that answers %s is %s, and no key is told', async (status, type, nonRetryable) => {
    const rig = createStubRig();
    const pods = { ...rig.dependencies.pods, create: () => Promise.reject(apiError(status)) };
    const failed = runActivity(rig, 'createSessionPod', made, { pods });
    await expect(failed).rejects.toMatchObject({ type, nonRetryable, message: expect.not.stringContaining(key) });
  });
});

describe('following the start of a pod', () => {
  const input = { cluster: 'test', pod: podRef(7), port: 8080, probePath: '/healthz', waitMs: 0 };

  it('marks it as ready only after it answered the worker itself', async () => {
    const rig = createStubRig({ pods: [sentPod(7, { status: ready, spec: { nodeName: 'node-1' } })], probe: [ok] });
    const seen = await runActivity(rig, 'followStart', input);
    expect(seen).toEqual({ state: 'ready', address: '10.0.0.9', node: 'node-1' });
    expect(rig.probed).toMatchObject([{ address: '10.0.0.9', port: 8080, path: '/healthz' }]);
    expect(rig.patches).toEqual([{ annotations: { 'podkeeper.dev/ready': '7' } }]);
  });

  it.each<ProbeAnswer>([
    { answered: false, reason: 'refused' },
    { ...ok, status: 503 },
  ])('waits, with the reason, while the worker hears %j', async (answer) => {
    const rig = createStubRig({ pods: [sentPod(7, { status: ready })], probe: [answer] });
    const seen = await runActivity(rig, 'followStart', input);
    expect(seen).toMatchObject({ state: 'waiting', reason: expect.stringMatching(/refused|503/) });
    expect(rig.patches).toEqual([]);
  });

  it('looks again until it is ready', async () => {
    const rig = createStubRig({ pods: [sentPod(7, { status: ready })], probe: [{ ...ok, status: 503 }, ok] });
    const seen = await runActivity(rig, 'followStart', { ...input, waitMs: 10_000 });
    expect(seen).toMatchObject({ state: 'ready' });
  });

  it('says gone when the pod went while it was being marked', async () => {
    const rig = createStubRig({ pods: [sentPod(7, { status: ready })], probe: [ok] });
    const pods = { ...rig.dependencies.pods, patchMetadata: () => Promise.resolve('gone' as const) };
    const seen = await runActivity(rig, 'followStart', input, { pods });
    expect(seen).toMatchObject({ state: 'failed', code: 'pod_gone' });
  });

  it('ends when it is cancelled', async () => {
    const rig = createStubRig({ pods: [sentPod(7)] });
    const { result, cancel } = startActivity(rig, 'followStart', { ...input, waitMs: 60_000 });
    cancel();
    await expect(result).rejects.toMatchObject({ name: 'CancelledFailure' });
  });
});

describe('whether a pod is alive', () => {
  const ask = (rig: StubRig, probed = true) =>
    runActivity(rig, 'isPodAlive', {
      cluster: 'test',
      pod: podRef(7),
      ...(probed && { probe: { port: 8080, path: '/healthz' } }),
    });
  const down: ProbeAnswer = { answered: false, reason: 'refused' };

  it('asks the API server only, unless told to ask the pod', async () => {
    const rig = createStubRig({ pods: [sentPod(7)] });
    expect(await ask(rig, false)).toBe(true);
    expect(rig.probed).toEqual([]);
  });

  it('another uid, a terminating or an ended pod is dead, and is not asked', async () => {
    for (const parts of [
      { metadata: { uid: 'other' } },
      { metadata: { deletionTimestamp: '2026-01-01T00:00:00Z' } },
      { status: { phase: 'Failed' } },
      { status: { phase: 'Succeeded' } },
    ]) {
      const rig = createStubRig({ pods: [sentPod(7, parts)], probe: [ok] });
      expect(await ask(rig)).toBe(false);
      expect(rig.probed).toEqual([]);
    }
    expect(await ask(createStubRig())).toBe(false);
  });

  it('one answer of three is a sign of life; none is death', async () => {
    const rig = createStubRig({ pods: [sentPod(7)], probe: [down, down, ok] });
    expect(await ask(rig)).toBe(true);
    const dead = createStubRig({ pods: [sentPod(7)], probe: [down, down, down, ok] });
    expect(await ask(dead)).toBe(false);
    expect(dead.probed).toHaveLength(3);
  });

  it.each([
    ['native', 'k1', true],
    ['none', 'k1', false],
    ['native', 'retired', false],
  ] as const)('has to prove itself as what it is (identity %s, key %s): %s', async (identity, kid, proves) => {
    const rig = createStubRig({ pods: [sentPod(7)], probe: [ok] });
    const pod = { ...podRef(7), kid };
    const probe = { port: 8080, path: '/healthz', identity, key: ref.key };
    expect(await runActivity(rig, 'isPodAlive', { cluster: 'test', pod, probe })).toBe(true);
    const claim = { podUid: pod.uid, sessionKey: ref.key, incarnation: 7 };
    expect(rig.probed[0]?.proof).toEqual(proves ? { podKey: expect.any(String), claim } : undefined);
  });

  it('an API server that does not answer leaves it open', async () => {
    const rig = createStubRig();
    const pods = { ...rig.dependencies.pods, get: () => Promise.reject(apiError(503)) };
    const asked = runActivity(rig, 'isPodAlive', { cluster: 'test', pod: podRef(7) }, { pods });
    await expect(asked).rejects.toMatchObject({ type: 'kubernetes_unavailable', nonRetryable: false });
  });
});

describe('whether a pod is busy', () => {
  const yes = '{"busy": true}';
  it.each<[ProbeAnswer, boolean]>([
    [{ answered: true, status: 200, body: yes }, true],
    [{ answered: true, status: 200, body: '{"busy": "true"}' }, false],
    [{ answered: true, status: 200, body: 'null' }, false],
    [{ answered: true, status: 200, body: '{"busy": tr' }, false],
    [{ answered: true, status: 302, body: yes }, false],
    [{ answered: false, reason: 'refused' }, false],
  ])('%j: %s', async (answer, busy) => {
    const rig = createStubRig({ probe: [answer] });
    const input = { ...ref, pod: podRef(7), port: 8080, path: '/busy', identity: 'none' } as const;
    expect(await runActivity(rig, 'isBusy', input)).toBe(busy);
    expect(rig.probed[0]?.timeoutMs).toBe(2000);
  });
});

describe('deleting the pod of a session', () => {
  const input = { ...ref, incarnation: 7, namespace, reason: 'terminate' } as const;

  it('leaves a pod alone that is not proved to be ours', async () => {
    const rig = createStubRig({ pods: [sentPod(7, { forged: true })] });
    await runActivity(rig, 'deleteSessionPod', input);
    expect(rig.deleted).toEqual([]);
  });

  it('counts a deletion once, and how late an idle one is', async () => {
    const rig = createStubRig({ pods: [sentPod(7)] });
    const idle = { ...input, reason: 'idle', wait: false, idleSinceMs: Date.now() - 3000 } as const;
    await runActivity(rig, 'deleteSessionPod', idle);
    const marked = sentPod(7, { metadata: { deletionTimestamp: '2026-01-01T00:00:00Z' } });
    rig.present.set(marked.metadata?.name ?? '', marked);
    await runActivity(rig, 'deleteSessionPod', idle);
    const text = await rig.dependencies.metrics.registry.metrics();
    expect(text).toContain('session_pod_deletion_total{reason="idle"} 1');
    expect(text).toContain('session_idle_timeout_total 1');
    expect(text).toContain('podkeeper_session_idle_lateness_seconds_count 1');
    expect(text).toMatch(/podkeeper_session_idle_lateness_seconds_bucket\{le="2"\} 0/);
  });

  it('does not wait for an end that nobody wants to wait for', async () => {
    const rig = createStubRig({ pods: [sentPod(7)] });
    const get = jest.fn(() => Promise.resolve(sentPod(7)));
    const pods = { ...rig.dependencies.pods, get };
    expect(await runActivity(rig, 'deleteSessionPod', { ...input, wait: false }, { pods })).toEqual({ gone: false });
    expect(get).toHaveBeenCalledTimes(1);
  });

  it('returns only once the pod is gone, or another one has its name', async () => {
    const rig = createStubRig({ pods: [sentPod(7)] });
    const seen = [sentPod(7), sentPod(7), sentPod(7), sentPod(7, { metadata: { uid: 'other' } })];
    const get = jest.fn(() => Promise.resolve(seen.shift() ?? null));
    await runActivity(rig, 'deleteSessionPod', input, { pods: { ...rig.dependencies.pods, get } });
    expect(rig.deleted).toEqual(['uid-7']);
    expect(get).toHaveBeenCalledTimes(4);
  });
});
