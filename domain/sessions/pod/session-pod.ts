import { doNotDisrupt, sessionAnnotations, sessionLabels, sessionPodName } from '../identity/session-names.ts';
import type { SessionClass } from '../session-class.ts';

/** The longest age a warm pod can have when it is claimed; part of the last backstop for every session pod. */
const maxPoolAgeSeconds = 3600;
const backstopSeconds = 300;
const stopSeconds = 10;
/** Any number but 0 does; this is the one images without users commonly name `nonroot`. */
const nonRootUser = 65_532;
/** A native pod says its UID in its proof, and only the API server knows it. */
const uidVariable = { name: 'POD_UID', valueFrom: { fieldRef: { fieldPath: 'metadata.uid' } } } as const;

export interface SessionPodInput {
  readonly namespace: string;
  readonly key: string;
  readonly incarnation: number;
  /** The client's own id. */
  readonly sessionId: string;
  /** Not the tenant's name. */
  readonly tenantHash: string;
  /** Of tenant and owner together; by it a caller's own sessions are found. */
  readonly ownerHash: string;
  /** The tenant's name, for administrators; empty when there is one tenant. */
  readonly tenant: string;
  readonly class: SessionClass;
  /** `<kid>.<mac>`, made from what `ownerText` says. */
  readonly owner: string;
  /** The pod's own key, for pods of identity `native`; null for others. */
  readonly podKey: string | null;
}

/** What the owner annotation's MAC is of: this pod, made for this session and incarnation. */
export function ownerText(input: {
  readonly namespace: string;
  readonly key: string;
  readonly incarnation: number;
}): string {
  return ['podkeeper session pod', input.namespace, sessionPodName(input.key, input.incarnation)].join('\n');
}

/**
 * The pod of a session as it is created. Restricted pod security; a container that ends is not restarted, because its
 * state is lost; `activeDeadlineSeconds` ends it even if everything of Podkeeper is gone.
 * https://kubernetes.io/docs/concepts/security/pod-security-standards/
 */
export function sessionPod(input: SessionPodInput) {
  const { key, incarnation, class: sessionClass } = input;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: sessionPodName(key, incarnation),
      namespace: input.namespace,
      labels: {
        [sessionLabels.session]: key,
        [sessionLabels.incarnation]: String(incarnation),
        [sessionLabels.class]: sessionClass.name,
        [sessionLabels.tenant]: input.tenantHash,
      },
      annotations: {
        [sessionAnnotations.sessionId]: input.sessionId,
        [sessionAnnotations.ownerHash]: input.ownerHash,
        [sessionAnnotations.tenantName]: input.tenant,
        [sessionAnnotations.owner]: input.owner,
        [doNotDisrupt]: 'true',
      },
    },
    spec: {
      restartPolicy: 'Never',
      activeDeadlineSeconds:
        sessionClass.maxLifetimeSeconds + sessionClass.drainSeconds + maxPoolAgeSeconds + backstopSeconds,
      terminationGracePeriodSeconds: stopSeconds,
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      nodeSelector: sessionClass.nodeSelector,
      tolerations: [...sessionClass.tolerations],
      securityContext: {
        runAsNonRoot: true,
        runAsUser: nonRootUser,
        runAsGroup: nonRootUser,
        fsGroup: nonRootUser,
        seccompProfile: { type: 'RuntimeDefault' },
      },
      containers: [sessionContainer(input)],
      // The only place a session can write to.
      volumes: [{ name: 'tmp', emptyDir: {} }],
    },
  };
}

function sessionContainer({ sessionId, podKey, key, incarnation, class: sessionClass }: SessionPodInput) {
  const own = {
    SESSION_ID: sessionId,
    STATE_FILE_PATH: '/tmp/session-state.json',
    PORT: String(sessionClass.port),
    ...(podKey === null
      ? {}
      : { PODKEEPER_POD_KEY: podKey, PODKEEPER_SESSION_KEY: key, PODKEEPER_INCARNATION: String(incarnation) }),
  };
  return {
    name: 'session',
    image: sessionClass.image,
    ports: [{ name: 'http', containerPort: sessionClass.port }],
    // Ours win: a class can't take a session's name away.
    env: [
      ...Object.entries({ ...sessionClass.env, ...own })
        .filter(([name]) => podKey === null || name !== uidVariable.name)
        .map(([name, value]) => ({ name, value })),
      ...(podKey === null ? [] : [uidVariable]),
    ],
    resources: sessionClass.resources,
    readinessProbe: {
      httpGet: { path: sessionClass.probePath, port: sessionClass.port },
      periodSeconds: 1,
      failureThreshold: 3,
      timeoutSeconds: 2,
    },
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    },
    volumeMounts: [{ name: 'tmp', mountPath: '/tmp' }],
  };
}
