import {
  absentOr,
  type Check,
  isBoolean,
  isCount,
  isInteger,
  isText,
  isTime,
  isTrue,
  listOf,
  mapOf,
  objectOf,
  oneOf,
} from '../snapshot/validation/checks.ts';

const isFilled: Check = (value, path) => isText(value, path) ?? (value === '' ? `${path} is empty` : undefined);

const probe = absentOr(
  objectOf({
    initialDelaySeconds: isInteger,
    periodSeconds: isInteger,
    failureThreshold: isInteger,
    timeoutSeconds: isInteger,
    terminationGracePeriodSeconds: absentOr(isInteger),
  }),
);

const terminated = objectOf({
  exitCode: isInteger,
  signal: absentOr(isInteger),
  reason: absentOr(isText),
  message: absentOr(isText),
  startedAt: absentOr(isTime),
  finishedAt: absentOr(isTime),
});
const running = objectOf({ startedAt: absentOr(isTime) });
const waiting = objectOf({ reason: absentOr(isText), message: absentOr(isText) });
const kind = objectOf({ kind: oneOf('waiting', 'running', 'terminated') });

const state: Check = (value, path) => {
  const fault = kind(value, path);
  if (fault !== undefined) return fault;
  switch ((value as { kind: 'waiting' | 'running' | 'terminated' }).kind) {
    case 'waiting':
      return waiting(value, path);
    case 'running':
      return running(value, path);
    case 'terminated':
      return terminated(value, path);
  }
};

const quantities = absentOr(mapOf(isText));

const container = objectOf({
  name: isFilled,
  type: oneOf('app', 'init', 'sidecar', 'ephemeral'),
  image: absentOr(isText),
  restartPolicy: absentOr(isText),
  restartPolicyRules: absentOr(
    listOf(objectOf({ action: isText, operator: absentOr(isText), exitCodes: absentOr(listOf(isInteger)) })),
  ),
  requests: quantities,
  limits: quantities,
  liveness: probe,
  readiness: probe,
  startup: probe,
  postStart: absentOr(isTrue),
  preStop: absentOr(isTrue),
  status: absentOr(
    objectOf({
      ready: isBoolean,
      started: absentOr(isBoolean),
      restartCount: isCount,
      state: absentOr(state),
      lastState: absentOr(state),
    }),
  ),
});

const snapshotCheck = objectOf({
  uid: isFilled,
  namespace: isText,
  name: isFilled,
  version: isText,
  createdAt: absentOr(isTime),
  labels: mapOf(isText),
  owner: absentOr(objectOf({ kind: isText, name: isText, uid: isText })),
  nodeName: absentOr(isText),
  phase: isText,
  reason: absentOr(isText),
  message: absentOr(isText),
  qosClass: absentOr(isText),
  startTime: absentOr(isTime),
  restartPolicy: absentOr(isText),
  terminationGracePeriodSeconds: absentOr(isInteger),
  activeDeadlineSeconds: absentOr(isInteger),
  deletionTimestamp: absentOr(isTime),
  deletionGracePeriodSeconds: absentOr(isInteger),
  finalizers: listOf(isText),
  schedulingGates: listOf(isText),
  readinessGates: listOf(isText),
  conditions: listOf(
    objectOf({
      type: isText,
      status: isText,
      reason: absentOr(isText),
      message: absentOr(isText),
      lastTransitionTime: absentOr(isTime),
    }),
  ),
  containers: listOf(container),
  truncated: absentOr(listOf(isText)),
});

const observedChange = objectOf({
  operation: oneOf('add', 'update', 'delete'),
  observedAt: isTime,
  snapshot: snapshotCheck,
});
const inferredDelete = objectOf({ operation: oneOf('delete'), inferred: isTrue, observedAt: isTime, version: isText });
const leftScope = objectOf({ operation: oneOf('leftScope'), observedAt: isTime, version: isText });

/**
 * Says where a change, as it arrived in a signal, is malformed, beginning with the path; undefined when it is well
 * formed. Types alone prove nothing there: the sender may be of another release.
 */
export function changeFault(change: unknown, path: string): string | undefined {
  const { operation, inferred } = (change ?? {}) as Partial<Record<'operation' | 'inferred', unknown>>;
  if (operation === 'leftScope') return leftScope(change, path);
  return inferred === undefined ? observedChange(change, path) : inferredDelete(change, path);
}

/** Says where a snapshot is malformed, beginning with the path; undefined when it is well formed. */
export function snapshotFault(snapshot: unknown, path: string): string | undefined {
  return snapshotCheck(snapshot, path);
}
