import { describe, expect, it } from '@jest/globals';
import { newerRoute } from '../../../../domain/sessions/routes/newer-route.ts';
import { readSessionPod, type SessionPodView } from '../../../../domain/sessions/routes/read-session-pod.ts';
import { ownerText, sessionPod } from '../../../../domain/sessions/pod/session-pod.ts';
import type { SessionClass } from '../../../../domain/sessions/session-class.ts';

const key = 'a'.repeat(26);
const standard: SessionClass = {
  name: 'default',
  image: 'local.test/session:1',
  port: 8080,
  resources: { requests: { cpu: '100m', memory: '128Mi' }, limits: { cpu: '500m', memory: '512Mi' } },
  env: { SESSION_ID: 'not yours', POD_UID: 'not mine', COLOUR: 'blue' },
  probePath: '/healthz',
  idleTimeoutSeconds: 600,
  maxLifetimeSeconds: 28_800,
  holdSeconds: 30,
  drainSeconds: 30,
  bodyLimitBytes: 10_485_760,
  identity: 'native',
  openSocketIsActive: true,
  busyPath: null,
  nodeSelector: {},
  tolerations: [],
};

const make = (parts: Partial<SessionClass> = {}, podKey: string | null = 'k') =>
  sessionPod({
    namespace: 'sessions',
    key,
    incarnation: 7,
    sessionId: 'alice-1',
    tenantHash: 'h',
    ownerHash: 'o',
    tenant: 'tenant-1',
    class: { ...standard, ...parts },
    owner: 'k1.mac',
    podKey,
  });

const environmentOf = (pod: ReturnType<typeof make>) =>
  Object.fromEntries(
    pod.spec.containers[0]!.env.map((variable) => [
      variable.name,
      'value' in variable ? variable.value : variable.valueFrom.fieldRef.fieldPath,
    ]),
  );

describe('a session pod', () => {
  it('is named and labelled by its session, and tells the id only in an annotation and to itself', () => {
    const pod = make();
    expect(pod.metadata.name).toBe(`s-${key}-7`);
    expect(pod.metadata.labels).toEqual({
      'podkeeper.dev/session': key,
      'podkeeper.dev/incarnation': '7',
      'podkeeper.dev/class': 'default',
      'podkeeper.dev/tenant': 'h',
    });
    expect(JSON.stringify(pod.metadata.labels)).not.toContain('alice');
    expect(pod.metadata.annotations['podkeeper.dev/session-id']).toBe('alice-1');
  });

  it('has the environment of its class, which can not give it another name', () => {
    expect(environmentOf(make())).toEqual({
      COLOUR: 'blue',
      SESSION_ID: 'alice-1',
      STATE_FILE_PATH: '/tmp/session-state.json',
      PORT: '8080',
      PODKEEPER_POD_KEY: 'k',
      PODKEEPER_SESSION_KEY: key,
      PODKEEPER_INCARNATION: '7',
      POD_UID: 'metadata.uid',
    });
    expect(make().spec.containers[0]!.env.filter(({ name }) => name === 'POD_UID')).toHaveLength(1);
  });

  it('of any image gets no key, and keeps what its class says of POD_UID', () => {
    const environment = environmentOf(make({ identity: 'none' }, null));
    expect(Object.keys(environment)).not.toContain('PODKEEPER_POD_KEY');
    expect(environment['POD_UID']).toBe('not mine');
  });

  it('ends by itself after everything else should have ended it', () => {
    expect(make({ maxLifetimeSeconds: 100, drainSeconds: 5 }).spec.activeDeadlineSeconds).toBe(100 + 5 + 3600 + 300);
  });

  it('is proved by a text that no other pod has', () => {
    const texts = [
      ownerText({ namespace: 'sessions', key, incarnation: 7 }),
      ownerText({ namespace: 'sessions', key, incarnation: 8 }),
      ownerText({ namespace: 'other', key, incarnation: 7 }),
      ownerText({ namespace: 'sessions', key: 'b'.repeat(26), incarnation: 7 }),
    ];
    expect(new Set(texts).size).toBe(texts.length);
  });
});

/** As the API server shows it once it runs and was probed. */
function running(parts: { readonly annotations?: object; readonly status?: object; readonly metadata?: object } = {}) {
  const { metadata } = make();
  return {
    metadata: {
      ...metadata,
      uid: 'u1',
      resourceVersion: '10',
      ...parts.metadata,
      annotations: { ...metadata.annotations, 'podkeeper.dev/ready': '7', ...parts.annotations },
    },
    status: { phase: 'Running', podIP: '10.0.0.9', ...parts.status },
  };
}

describe('a pod is routed to', () => {
  it('when it is a session pod that was found ready', () => {
    expect(readSessionPod(running())).toMatchObject({ key, incarnation: 7, address: '10.0.0.9', routable: true });
  });

  it.each([
    ['it was found ready as another incarnation', { annotations: { 'podkeeper.dev/ready': '6' } }],
    ['nobody has probed it', { annotations: { 'podkeeper.dev/ready': undefined } }],
    ['it has ended', { status: { phase: 'Failed' } }],
    ['it has no address', { status: { podIP: undefined } }],
    ['it is being deleted', { metadata: { deletionTimestamp: '2026-01-01T00:00:00Z' } }],
  ])('not when %s', (_why, parts) => {
    expect(readSessionPod(running(parts))?.routable).toBe(false);
  });

  it.each([null, 7, 'pod', {}, { metadata: { labels: { 'podkeeper.dev/session': 'x' } } }])(
    'never when it is %j',
    (pod) => {
      expect(readSessionPod(pod)).toBeUndefined();
    },
  );
});

describe('of two views of one session', () => {
  const view = (parts: Partial<SessionPodView>): SessionPodView => ({ ...readSessionPod(running())!, ...parts });

  it('the higher incarnation counts, whichever came last', () => {
    const [old, young] = [view({ incarnation: 7, version: '99' }), view({ incarnation: 8, version: '1' })];
    expect(newerRoute(old, young)).toBe(young);
    expect(newerRoute(young, old)).toBe(young);
  });

  it('of one pod, the later version counts', () => {
    const [early, late] = [view({ version: '9' }), view({ version: '10' })];
    expect(newerRoute(early, late)).toBe(late);
    expect(newerRoute(late, early)).toBe(late);
  });
});
