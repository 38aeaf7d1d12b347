import type { ContainerType } from '../../domain/pods/snapshot/pod-snapshot.ts';

/** Pod objects as the API server sends them, built around one moment. */

/** The moment that all times of the builders are relative to. */
export const podNow = new Date('2026-03-01T12:00:00Z');

/** RFC 3339 time so many seconds from `podNow`; negative is the past. */
export function at(seconds: number): string {
  return new Date(podNow.getTime() + seconds * 1000).toISOString().replace('.000Z', 'Z');
}

export type Json = Readonly<Record<string, unknown>>;

export interface ContainerParts {
  readonly name?: string;
  readonly type?: ContainerType;
  /** `state` of its status: what `running`, `waiting` or `terminated` make. No status at all when null. */
  readonly state?: Json | null;
  readonly lastState?: Json;
  readonly restarts?: number;
  readonly ready?: boolean;
  readonly started?: boolean;
  readonly memoryLimit?: string;
  /** Added to the container's spec: probes, restartPolicy, restartPolicyRules … */
  readonly spec?: Json;
}

export interface PodParts {
  readonly name?: string;
  readonly uid?: string;
  readonly phase?: string;
  readonly containers?: readonly ContainerParts[];
  /** Replace the derived conditions of the same type; null removes one. */
  readonly conditions?: Readonly<Record<string, Json | null>>;
  readonly owner?: string;
  readonly metadata?: Json;
  readonly spec?: Json;
  readonly status?: Json;
}

/** A running state that began so many seconds from `podNow`. */
export function running(startedSeconds = -3600): Json {
  return { running: { startedAt: at(startedSeconds) } };
}

export function waiting(reason: string, message?: string): Json {
  return { waiting: { reason, ...(message === undefined ? {} : { message }) } };
}

export interface EndParts {
  readonly exitCode: number;
  /** `Completed` or `Error` by default. */
  readonly reason?: string;
  readonly started?: number;
  readonly finished?: number;
  readonly message?: string;
  readonly signal?: number;
}

/** A terminated state; by default it ran from 90 to 60 seconds before `podNow`. */
export function terminated({ exitCode, reason, started = -90, finished = -60, ...more }: EndParts): Json {
  const why = reason ?? (exitCode === 0 ? 'Completed' : 'Error');
  return { terminated: { exitCode, reason: why, startedAt: at(started), finishedAt: at(finished), ...more } };
}

/** What the kubelet writes for a container it finds no trace of: 137 without times. */
export function statusUnknown(): Json {
  const message = 'The container could not be located when the pod was terminated';
  return {
    terminated: { exitCode: 137, reason: 'ContainerStatusUnknown', message, startedAt: null, finishedAt: null },
  };
}

/** A probe with explicit numbers, so that evidence about them can be looked up. */
export function probe(parts: Json = {}): Json {
  return { httpGet: { path: '/', port: 80 }, initialDelaySeconds: 0, periodSeconds: 10, failureThreshold: 3, ...parts };
}

/** Running and ready for an hour with one container `app`, unless said otherwise. */
export function buildPod(parts: PodParts = {}): Json {
  const { name = 'web-1', uid = 'uid-1', phase = 'Running', containers = [{}], owner } = parts;
  const lists = (['app', 'init', 'ephemeral'] as const).map((type) => containers.filter((one) => listOf(one) === type));
  const [app = [], init = [], ephemeral = []] = lists;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace: 'shop',
      uid,
      resourceVersion: '100',
      creationTimestamp: at(-3700),
      ...(owner === undefined
        ? {}
        : { ownerReferences: [{ kind: owner, name: 'web', uid: 'owner-1', controller: true }] }),
      ...parts.metadata,
    },
    spec: {
      nodeName: 'node-1',
      restartPolicy: 'Always',
      terminationGracePeriodSeconds: 30,
      containers: app.map(specOf),
      ...(init.length === 0 ? {} : { initContainers: init.map(specOf) }),
      ...(ephemeral.length === 0 ? {} : { ephemeralContainers: ephemeral.map(specOf) }),
      ...parts.spec,
    },
    status: {
      phase,
      startTime: at(-3690),
      conditions: conditionsOf(parts, phase, [...app, ...init]),
      containerStatuses: app.flatMap(statusOf),
      ...(init.length === 0 ? {} : { initContainerStatuses: init.flatMap(statusOf) }),
      ...(ephemeral.length === 0 ? {} : { ephemeralContainerStatuses: ephemeral.flatMap(statusOf) }),
      ...parts.status,
    },
  };
}

/** `deletionTimestamp` and grace period of a deletion that began so many seconds from `podNow`. */
export function deleting(beganSeconds: number, graceSeconds = 30): Json {
  return { deletionTimestamp: at(beganSeconds + graceSeconds), deletionGracePeriodSeconds: graceSeconds };
}

/** What the kubelet's final delete leaves of them: the time of the delete and a grace period of 0. */
export function finallyDeleted(seconds: number): Json {
  return { deletionTimestamp: at(seconds), deletionGracePeriodSeconds: 0 };
}

function listOf({ type = 'app' }: ContainerParts): 'app' | 'init' | 'ephemeral' {
  return type === 'sidecar' ? 'init' : type;
}

function specOf({ name = 'app', type, memoryLimit, spec }: ContainerParts): Json {
  return {
    name,
    image: `registry.test/${name}:1`,
    ...(type === 'sidecar' ? { restartPolicy: 'Always' } : {}),
    ...(memoryLimit === undefined ? {} : { resources: { limits: { memory: memoryLimit } } }),
    ...spec,
  };
}

function statusOf(container: ContainerParts): Json[] {
  const { name = 'app', state = running(), lastState, restarts = 0 } = container;
  if (state === null) return [];
  const ready = isReady(container);
  const started = container.started ?? 'running' in state;
  return [
    {
      name,
      image: `registry.test/${name}:1`,
      ready,
      started,
      restartCount: restarts,
      state,
      lastState: lastState ?? {},
    },
  ];
}

function isReady({ state = running(), ready, type }: ContainerParts): boolean {
  if (ready !== undefined) return ready;
  if (state === null) return false;
  const done = state['terminated'] as { readonly exitCode?: number } | undefined;
  return type === 'init' ? done?.exitCode === 0 : 'running' in state;
}

function conditionsOf(parts: PodParts, phase: string, containers: readonly ContainerParts[]): Json[] {
  const all = phase === 'Running' && containers.every((one) => isReady(one));
  const ready = all ? { status: 'True' } : { status: 'False', reason: 'ContainersNotReady' };
  const derived: Record<string, Json | null> = {
    PodScheduled: { status: 'True' },
    ContainersReady: ready,
    Ready: ready,
    ...parts.conditions,
  };
  return Object.entries(derived).flatMap(([type, condition]) =>
    condition === null ? [] : [{ type, lastTransitionTime: at(-3600), ...condition }],
  );
}
