import { createSessionActivities } from '../../../../activities/sessions/index.ts';
import type { SessionActivities } from '../../../../activities/sessions/session-activities.ts';
import { sessionPodName } from '../../../../domain/sessions/identity/session-names.ts';
import { ownerText, sessionPod } from '../../../../domain/sessions/pod/session-pod.ts';
import type { SessionClass } from '../../../../domain/sessions/session-class.ts';
import type { PodsClient, SentPod } from '../../../../platform/kubernetes/client/pods.ts';
import type { SessionLifeStore } from '../../../../platform/redis/sessions/life/session-life.ts';
import type { ProbeAnswer, ProbeCall } from '../../../../platform/sessions/probe.ts';
import { createMetrics } from '../../../../platform/metrics.ts';
import { parseSigningKeys } from '../../../../platform/sessions/signing-keys.ts';
import { captureLog } from '../../../helpers/log-capture.ts';
import { startSessionActivity } from '../../../helpers/sessions/start-session-activity.ts';

export const key = 'a'.repeat(26);
export const ref = { cluster: 'test', key, tenantHash: 'tenant' };
export const namespace = 'sessions';
const signingKeys = parseSigningKeys(`k1:${Buffer.alloc(32, 7).toString('base64')}`);
export const away = { ok: false, reason: 'no connection' } as const;

export const sessionClass: SessionClass = {
  name: 'default',
  image: 'local.test/session:1',
  port: 8080,
  resources: { requests: {}, limits: {} },
  env: {},
  probePath: '/healthz',
  idleTimeoutSeconds: 60,
  maxLifetimeSeconds: 300,
  holdSeconds: 30,
  drainSeconds: 5,
  bodyLimitBytes: 1024,
  identity: 'native',
  openSocketIsActive: true,
  busyPath: null,
  nodeSelector: {},
  tolerations: [],
};

/** A pod as the API server would send it; `owner` null is a forged one. */
export function sentPod(
  incarnation: number,
  parts: {
    readonly metadata?: object;
    readonly spec?: object;
    readonly status?: object;
    readonly forged?: boolean;
  } = {},
): SentPod {
  const owner = parts.forged === true ? 'k1.forged' : signingKeys.sign(ownerText({ namespace, key, incarnation }));
  const made = sessionPod({
    namespace,
    key,
    incarnation,
    sessionId: 'alice-1',
    tenantHash: 'tenant',
    ownerHash: 'owner',
    tenant: '',
    class: sessionClass,
    owner,
    podKey: null,
  });
  return {
    ...made,
    metadata: { ...made.metadata, uid: `uid-${incarnation}`, ...parts.metadata },
    spec: { ...made.spec, ...parts.spec },
    status: { phase: 'Running', podIP: '10.0.0.9', ...parts.status },
  };
}

export const podRef = (incarnation: number) => ({
  namespace,
  name: sessionPodName(key, incarnation),
  uid: `uid-${incarnation}`,
  incarnation,
  address: '10.0.0.9',
  node: 'node-1',
  kid: 'k1',
});

/** Activities over pods in memory, a scripted probe, and stores that answer as if all were well unless told otherwise. */
export function createStubRig(
  input: { readonly pods?: readonly SentPod[]; readonly probe?: readonly ProbeAnswer[] } = {},
) {
  const present = new Map((input.pods ?? []).map((pod) => [pod.metadata?.name ?? '', pod]));
  const deleted: string[] = [];
  const patches: unknown[] = [];
  const probed: ProbeCall[] = [];
  const created: object[] = [];
  const answers = [...(input.probe ?? [])];
  const pods: PodsClient = {
    create: ({ name, pod }) => {
      if (present.has(name)) return Promise.resolve('exists');
      created.push(pod);
      const { metadata, ...rest } = pod as SentPod;
      const made: SentPod = { ...rest, metadata: { ...metadata, uid: 'uid-new' } };
      present.set(name, made);
      return Promise.resolve({ created: made });
    },
    get: ({ name }) => Promise.resolve(present.get(name) ?? null),
    list: () => Promise.resolve([...present.values()]),
    delete: ({ name, uid }) => {
      deleted.push(uid);
      if (present.get(name)?.metadata?.uid !== uid) return Promise.resolve('gone');
      present.delete(name);
      return Promise.resolve('deleting');
    },
    patchMetadata: ({ name, metadata }) => {
      patches.push(metadata);
      return Promise.resolve(present.get(name) ?? 'gone');
    },
  };
  const life: SessionLifeStore = {
    publish: () => Promise.resolve({ ok: true, value: true }),
    idleDecide: () => Promise.resolve({ ok: true, value: { keep: null, remainingMs: 0, sinceActivityMs: 9 } }),
    undrain: () => Promise.resolve({ ok: true, value: true }),
    seal: () => Promise.resolve({ ok: true, value: 'sealed' }),
    stopLeases: () => Promise.resolve({ ok: true, value: true }),
    gatewaysHeard: () => Promise.resolve({ ok: true, value: true }),
  };
  const confirmed: string[] = [];
  const { logger, text: logged } = captureLog();
  const dependencies = {
    cluster: 'test',
    pods,
    life,
    admission: {
      confirm: (_: unknown, runId: string) => {
        confirmed.push(runId);
        return Promise.resolve({ ok: true, value: 'confirmed' } as const);
      },
      release: () => Promise.resolve({ ok: true, value: true } as const),
    },
    maxSessions: 10,
    metrics: createMetrics(),
    signingKeys,
    probe: (call: ProbeCall) => {
      probed.push(call);
      return Promise.resolve(answers.shift() ?? ({ answered: false, reason: 'refused' } as const));
    },
    logger,
  };
  return { dependencies, present, deleted, patches, probed, created, confirmed, logged };
}

export type StubRig = ReturnType<typeof createStubRig>;

/** Runs one activity as a worker would, with these dependencies in the place of the rig's. */
export function startActivity<Name extends keyof SessionActivities>(
  { dependencies }: StubRig,
  name: Name,
  input: Parameters<SessionActivities[Name]>[0],
  instead: Partial<Parameters<typeof createSessionActivities>[0]> = {},
) {
  return startSessionActivity(createSessionActivities({ ...dependencies, ...instead }), name, input);
}

export const runActivity: <Name extends keyof SessionActivities>(
  ...call: Parameters<typeof startActivity<Name>>
) => ReturnType<SessionActivities[Name]> = (...call) => startActivity(...call).result;
