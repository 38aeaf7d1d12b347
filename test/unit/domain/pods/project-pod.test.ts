import { describe, expect, it } from '@jest/globals';
import type { PodSnapshot } from '../../../../domain/pods/snapshot/pod-snapshot.ts';
import { projectPod } from '../../../../domain/pods/snapshot/project-pod.ts';
import { at, buildPod, type ContainerParts, probe, running, terminated, waiting } from '../../../helpers/pods.ts';

const size = (snapshot: PodSnapshot): number => Buffer.byteLength(JSON.stringify(snapshot));
const nameOf = ({ name }: { readonly name: string }): string => name;

describe('the projection of a Pod', () => {
  it('keeps what verdicts look at, and nothing else', () => {
    const pod = buildPod({
      owner: 'ReplicaSet',
      metadata: { labels: { app: 'web' }, annotations: { big: 'x' }, managedFields: [{}], finalizers: ['a/b'] },
      spec: {
        schedulingGates: [{ name: 'gate' }],
        readinessGates: [{ conditionType: 'lb' }],
        activeDeadlineSeconds: 5,
      },
      status: { qosClass: 'Burstable', reason: 'Evicted', message: 'disk', podIP: '10.0.0.1' },
      conditions: { Ready: null, ContainersReady: null },
      containers: [
        {
          state: running(-10),
          lastState: terminated({ exitCode: 137, reason: 'OOMKilled', message: 'bye', signal: 9 }),
          restarts: 2,
          memoryLimit: '64Mi',
          spec: { livenessProbe: probe({ periodSeconds: 7 }), lifecycle: { preStop: { exec: {} } } },
        },
      ],
    });
    expect(projectPod(pod)).toEqual({
      uid: 'uid-1',
      namespace: 'shop',
      name: 'web-1',
      version: '100',
      createdAt: at(-3700),
      labels: { app: 'web' },
      owner: { kind: 'ReplicaSet', name: 'web', uid: 'owner-1' },
      nodeName: 'node-1',
      phase: 'Running',
      reason: 'Evicted',
      message: 'disk',
      qosClass: 'Burstable',
      startTime: at(-3690),
      restartPolicy: 'Always',
      terminationGracePeriodSeconds: 30,
      activeDeadlineSeconds: 5,
      finalizers: ['a/b'],
      schedulingGates: ['gate'],
      readinessGates: ['lb'],
      conditions: [{ type: 'PodScheduled', status: 'True', lastTransitionTime: at(-3600) }],
      containers: [
        {
          name: 'app',
          type: 'app',
          image: 'registry.test/app:1',
          limits: { memory: '64Mi' },
          liveness: { initialDelaySeconds: 0, periodSeconds: 7, failureThreshold: 3, timeoutSeconds: 1 },
          preStop: true,
          status: {
            ready: true,
            started: true,
            restartCount: 2,
            state: { kind: 'running', startedAt: at(-10) },
            lastState: {
              kind: 'terminated',
              exitCode: 137,
              signal: 9,
              reason: 'OOMKilled',
              message: 'bye',
              startedAt: at(-90),
              finishedAt: at(-60),
            },
          },
        },
      ],
    });
  });

  it('fills in the defaults of the API for what a probe leaves out', () => {
    const [container] = projectPod(buildPod({ containers: [{ spec: { startupProbe: {} } }] })).containers;
    expect(container?.startup).toEqual({
      initialDelaySeconds: 0,
      periodSeconds: 10,
      failureThreshold: 3,
      timeoutSeconds: 1,
    });
  });

  it('tells apps, init containers, sidecars and ephemeral containers apart', () => {
    const types = ['app', 'init', 'sidecar', 'ephemeral'] as const;
    const { containers } = projectPod(buildPod({ containers: types.map((type) => ({ name: type, type })) }));
    expect(containers.map(({ name, type }) => [name, type])).toEqual([
      ['init', 'init'],
      ['sidecar', 'sidecar'],
      ['app', 'app'],
      ['ephemeral', 'ephemeral'],
    ]);
    expect(containers.every(({ status }) => status !== undefined)).toBe(true);
  });

  it('keeps a container that only the status names', () => {
    const pod = buildPod({
      status: { containerStatuses: [{ name: 'ghost', restartCount: 3, image: 'x', state: {} }] },
    });
    const ghost = projectPod(pod).containers.find(({ name }) => name === 'ghost');
    expect(ghost).toEqual({ name: 'ghost', type: 'app', image: 'x', status: { ready: false, restartCount: 3 } });
  });

  it('prefers the owner that controls the pod', () => {
    const ownerReferences = [
      { kind: 'A', name: 'a', uid: '1' },
      { kind: 'B', name: 'b', uid: '2', controller: true },
    ];
    expect(projectPod(buildPod({ metadata: { ownerReferences } })).owner?.kind).toBe('B');
    expect(projectPod(buildPod({ metadata: { ownerReferences: [ownerReferences[0]] } })).owner?.kind).toBe('A');
  });

  it('makes up no exit code: an end without one is left out and named', () => {
    const snapshot = projectPod(buildPod({ containers: [{ state: { terminated: { reason: 'Error' } } }] }));
    expect(snapshot.containers[0]?.status?.state).toBeUndefined();
    expect(snapshot.truncated).toEqual(['containers.state (1 dropped)']);
  });

  it('reads null lists, null times and missing parts as absent', () => {
    const pod = { metadata: { name: 'a', uid: 'u', creationTimestamp: null }, status: { containerStatuses: null } };
    expect(projectPod(pod)).toEqual({
      uid: 'u',
      namespace: '',
      name: 'a',
      version: '',
      phase: '',
      labels: {},
      finalizers: [],
      schedulingGates: [],
      readinessGates: [],
      conditions: [],
      containers: [],
    });
  });

  it('cuts a long message in the middle, because its end tells as much as its beginning', () => {
    const message = `begin ${'x'.repeat(40_000)} not found`;
    const snapshot = projectPod(buildPod({ containers: [{ state: waiting('ErrImagePull', message), ready: false }] }));
    const state = snapshot.containers[0]?.status?.state;
    expect(state?.kind === 'waiting' && state.message).toMatch(/^begin x+ … x+ not found$/);
    expect(snapshot.truncated).toEqual(['containers.state.message (1 cut)']);
  });

  it('never cuts a character in half', () => {
    for (const lead of ['', 'x']) {
      const text = JSON.stringify(projectPod(buildPod({ status: { message: lead + '😀'.repeat(2000) } })).message);
      expect(text).not.toMatch(/\\ud[89a-f]/i);
    }
  });
});

describe('what is cut first when a Pod is too large', () => {
  const failing: ContainerParts = {
    state: waiting('CrashLoopBackOff', 'm'.repeat(900)),
    lastState: terminated({ exitCode: 3, message: 'm'.repeat(900) }),
    restarts: 4,
    ready: false,
    spec: { livenessProbe: probe() },
  };
  const many = (count: number, parts: ContainerParts, prefix: string): ContainerParts[] =>
    Array.from({ length: count }, (_, index) => ({ ...parts, name: `${prefix}-${index}` }));
  const labels = Object.fromEntries(
    Array.from({ length: 60 }, (_, index) => [`example.com/label-${index}`, 'v'.repeat(63)]),
  );

  it('keeps a pod of ordinary size whole and below 4 KB', () => {
    const snapshot = projectPod(buildPod({ containers: many(3, { memoryLimit: '64Mi' }, 'app') }));
    expect(snapshot.truncated).toBeUndefined();
    expect(size(snapshot)).toBeLessThan(4096);
  });

  it('drops labels and shortens messages before it touches any container', () => {
    const snapshot = projectPod(buildPod({ metadata: { labels }, containers: many(15, failing, 'app') }));
    expect(snapshot.truncated?.some((mark) => mark.startsWith('labels ('))).toBe(true);
    expect(snapshot.containers).toHaveLength(15);
    expect(snapshot.containers.every(({ image, liveness }) => image !== undefined && liveness !== undefined)).toBe(
      true,
    );
  });

  it('strips healthy containers before failing ones in a pod of 60', () => {
    const image = `registry.test/${'deep/'.repeat(80)}app:1`;
    const containers = [...many(50, { spec: { image } }, 'ok'), ...many(10, failing, 'bad')];
    const snapshot = projectPod(buildPod({ metadata: { labels }, containers }));
    expect(snapshot.containers.map(nameOf)).toEqual(containers.map(({ name }) => name));
    const withImage = snapshot.containers.filter((one) => one.image !== undefined).map(nameOf);
    expect(withImage).toEqual(many(10, failing, 'bad').map(({ name }) => name));
    expect(snapshot.truncated).toContain('containers.detail (50 dropped)');
  });

  it('drops healthy containers before failing ones in a pod of 1,000, and keeps every record of those it keeps', () => {
    const containers = [...many(980, {}, 'ok'), ...many(20, failing, 'bad')];
    const snapshot = projectPod(buildPod({ metadata: { labels }, containers }));
    expect(size(snapshot)).toBeLessThanOrEqual(32_000);
    const bad = snapshot.containers.filter(({ name }) => name.startsWith('bad'));
    expect(bad).toHaveLength(20);
    for (const { status } of bad) {
      expect(status).toMatchObject({
        restartCount: 4,
        state: { kind: 'waiting', reason: 'CrashLoopBackOff' },
        lastState: { kind: 'terminated', exitCode: 3, reason: 'Error', startedAt: at(-90), finishedAt: at(-60) },
      });
    }
    expect(snapshot.truncated).toContain(`containers (${1000 - snapshot.containers.length} dropped)`);
  });

  it("keeps Kubernetes' own conditions when there are too many", () => {
    const custom = Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`a/${index}`, { status: 'True' }]));
    const pod = buildPod({ conditions: { ...custom } });
    const status = pod['status'] as { conditions: unknown[] };
    status.conditions.reverse();
    const types = projectPod(pod).conditions.map(({ type }) => type);
    expect(types).toEqual(expect.arrayContaining(['Ready', 'PodScheduled', 'ContainersReady']));
    expect(types.length).toBeLessThan(40);
  });
});
