import fc from 'fast-check';
import type {
  ContainerSnapshot,
  ContainerStateSnapshot,
  PodSnapshot,
} from '../../../../domain/pods/snapshot/pod-snapshot.ts';
import type { EventEvidence, VerdictEvidence } from '../../../../domain/pods/verdict/evidence.ts';
import { at } from '../../../helpers/pods.ts';

/** Snapshots and evidence with what pods have, what they may have, and what nobody has thought of. */

const shortText = fc.string({ unit: 'binary', maxLength: 12 });
const anyText = fc.oneof(
  { weight: 4, arbitrary: shortText },
  shortText.map((text) => text.repeat(400)),
);
const pick = (...known: readonly string[]) => fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...known) }, anyText);
const time = fc.oneof(
  { weight: 9, arbitrary: fc.integer({ min: -5000, max: 100 }).map(at) },
  pick('0001-01-01T00:00:00Z', '1970-01-01T00:00:00Z', 'Jan 1 2026'),
);
const reason = pick(
  ...[
    'Error',
    'Completed',
    'OOMKilled',
    'ContainerStatusUnknown',
    'StartError',
    'ContainerCannotRun',
    'CrashLoopBackOff',
  ],
  ...[
    'ContainerCreating',
    'PodInitializing',
    'ImagePullBackOff',
    'CreateContainerConfigError',
    'RunContainerError',
    'PostStartHookError',
  ],
);
const exitCode = fc.oneof(
  fc.constantFrom(0, 1, 2, 42, 126, 127, 128, 137, 139, 143, 255, 3221225477, -1073741819),
  fc.integer(),
);
const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });

/** Leaves out what is undefined, as a snapshot does. */
function compact<T>(arbitrary: fc.Arbitrary<object>): fc.Arbitrary<T> {
  return arbitrary.map(
    (value) => Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as T,
  );
}

const state: fc.Arbitrary<ContainerStateSnapshot> = fc.oneof(
  compact<ContainerStateSnapshot>(
    fc.record({ kind: fc.constant('waiting'), reason: optional(reason), message: optional(anyText) }),
  ),
  compact<ContainerStateSnapshot>(fc.record({ kind: fc.constant('running'), startedAt: optional(time) })),
  compact<ContainerStateSnapshot>(
    fc.record({
      kind: fc.constant('terminated'),
      exitCode,
      signal: optional(fc.constantFrom(0, 9, 11, 99)),
      reason: optional(reason),
      message: optional(anyText),
      startedAt: optional(time),
      finishedAt: optional(time),
    }),
  ),
);

const probe = fc.record({
  initialDelaySeconds: fc.constantFrom(0, 10),
  periodSeconds: fc.constantFrom(1, 10),
  failureThreshold: fc.constantFrom(1, 3),
  timeoutSeconds: fc.constant(1),
});

const container = compact<ContainerSnapshot>(
  fc.record({
    name: pick('app', 'proxy', 'db', 'x]y'),
    type: fc.constantFrom('app', 'init', 'sidecar', 'ephemeral'),
    image: optional(anyText),
    restartPolicy: optional(pick('Always', 'Never', 'OnFailure')),
    restartPolicyRules: optional(fc.constant([{ action: 'Restart', operator: 'In', exitCodes: [42] }])),
    limits: optional(fc.record({ memory: pick('64Mi', '1e9', '') })),
    liveness: optional(probe),
    readiness: optional(probe),
    startup: optional(probe),
    status: optional(
      compact(
        fc.record({
          ready: fc.boolean(),
          started: optional(fc.boolean()),
          restartCount: fc.integer({ min: 0, max: 9 }),
          state: optional(state),
          lastState: optional(state),
        }),
      ),
    ),
  }),
);

const condition = compact<PodSnapshot['conditions'][number]>(
  fc.record({
    type: pick('Ready', 'ContainersReady', 'PodScheduled', 'DisruptionTarget', 'PodReadyToStartContainers'),
    status: pick('True', 'False', 'Unknown'),
    reason: optional(
      pick('Unschedulable', 'SchedulingGated', 'PreemptionByScheduler', 'TerminationByKubelet', 'ContainersNotReady'),
    ),
    message: optional(anyText),
    lastTransitionTime: optional(time),
  }),
);

export const anySnapshot = compact<PodSnapshot>(
  fc.record({
    uid: fc.constantFrom('uid-1', 'uid-2'),
    namespace: fc.constant('shop'),
    name: fc.constant('web-1'),
    version: fc.constant('1'),
    createdAt: optional(time),
    labels: fc.constant({}),
    owner: optional(fc.constantFrom({ kind: 'Job', name: 'j', uid: 'j' }, { kind: 'ReplicaSet', name: 'r', uid: 'r' })),
    nodeName: optional(fc.constant('node-1')),
    phase: pick('Pending', 'Running', 'Succeeded', 'Failed', 'Unknown', ''),
    reason: optional(pick('Evicted', 'Preempting', 'Terminated', 'NodeLost', 'DeadlineExceeded', 'OutOfcpu')),
    message: optional(anyText),
    startTime: optional(time),
    restartPolicy: optional(pick('Always', 'Never', 'OnFailure')),
    terminationGracePeriodSeconds: optional(fc.integer({ min: 0, max: 60 })),
    activeDeadlineSeconds: optional(fc.integer({ min: 1, max: 5000 })),
    deletionTimestamp: optional(time),
    deletionGracePeriodSeconds: optional(fc.integer({ min: 0, max: 60 })),
    finalizers: fc.array(anyText, { maxLength: 2 }),
    schedulingGates: fc.array(anyText, { maxLength: 2 }),
    readinessGates: fc.array(anyText, { maxLength: 2 }),
    conditions: fc.array(condition, { maxLength: 6 }),
    containers: fc.oneof(
      { weight: 9, arbitrary: fc.array(container, { maxLength: 4 }) },
      fc.array(container, { minLength: 6, maxLength: 9 }).map((few) => Array.from({ length: 10 }, () => few).flat()),
    ),
  }),
);

const event = compact<EventEvidence>(
  fc.record({
    reason: pick(
      'Killing',
      'Unhealthy',
      'FailedPostStartHook',
      'FailedPreStopHook',
      'FailedMount',
      'SystemOOM',
      'Rebooted',
      'Failed',
    ),
    message: optional(pick('Container app failed liveness probe, will be restarted', 'Liveness probe failed: no')),
    fieldPath: optional(pick('spec.containers{app}', 'spec.initContainers{proxy}')),
    count: optional(fc.integer({ min: 0, max: 99 })),
    firstSeenAt: optional(time),
    lastSeenAt: optional(time),
  }),
);

export const anyEvidence = compact<VerdictEvidence>(
  fc.record({
    events: optional(fc.array(event, { maxLength: 8 })),
    node: optional(fc.record({ conditions: fc.array(condition, { maxLength: 3 }) })),
    metrics: optional(fc.array(fc.record({ container: fc.constant('app'), memoryBytes: fc.nat() }), { maxLength: 2 })),
  }),
);
