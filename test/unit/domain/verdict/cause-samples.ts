import type { Cause } from '../../../../domain/pods/verdict/types.ts';
import {
  at,
  buildPod,
  deleting,
  type Json,
  type PodParts,
  probe,
  running,
  statusUnknown,
  terminated,
  waiting,
} from '../../../helpers/pods.ts';
import type { JudgeOptions } from '../../../helpers/verdicts.ts';

export interface CauseSample {
  readonly pod: Json;
  readonly options?: JudgeOptions;
  /** Primary cause, incident and health, as `brief` says them. */
  readonly expected: string;
}

/** A pod whose one container was restarted 58 s ago after this end. */
function restarted(lastState: Json, parts: PodParts = {}): Json {
  return buildPod({ ...parts, containers: [{ state: running(-58), lastState, restarts: 1 }] });
}

/** A pending pod that was scheduled so many seconds ago, with this waiting state. */
function starting(state: Json, { scheduled = -20, ...parts }: PodParts & { readonly scheduled?: number } = {}): Json {
  const conditions = { PodScheduled: { status: 'True', lastTransitionTime: at(scheduled) }, ...parts.conditions };
  return buildPod({ ...parts, phase: 'Pending', conditions, containers: [{ state }] });
}

function disrupted(reason: string): Json {
  const conditions = { DisruptionTarget: { status: 'True', reason, lastTransitionTime: at(-30) } };
  return buildPod({
    conditions,
    metadata: deleting(-29),
    containers: [{ state: terminated({ exitCode: 143, finished: -10 }) }],
  });
}

const unscheduled = { status: 'False', lastTransitionTime: at(-20) };
const event = (reason: string, message: string) => ({
  reason,
  message,
  fieldPath: 'spec.containers{app}',
  lastSeenAt: at(-61),
});

/** The plainest pod for each cause: what the exact signal of docs/verdicts.md looks like. */
export const causeSamples: Readonly<Record<Cause, CauseSample>> = {
  OOMKilled: {
    pod: restarted(terminated({ exitCode: 137, reason: 'OOMKilled' })),
    expected: 'OOMKilled incident Degraded',
  },
  AppError: { pod: restarted(terminated({ exitCode: 3 })), expected: 'AppError incident Degraded' },
  Signalled: { pod: restarted(terminated({ exitCode: 139 })), expected: 'Signalled incident Degraded' },
  LivenessProbeFailed: {
    pod: restarted(terminated({ exitCode: 137 })),
    options: { evidence: { events: [event('Killing', 'Container app failed liveness probe, will be restarted')] } },
    expected: 'LivenessProbeFailed incident Degraded',
  },
  StartupProbeFailed: {
    pod: restarted(terminated({ exitCode: 137 })),
    options: { evidence: { events: [event('Killing', 'Container app failed startup probe, will be restarted')] } },
    expected: 'StartupProbeFailed incident Degraded',
  },
  ReadinessProbeFailing: {
    pod: buildPod({ containers: [{ state: running(-121), ready: false, spec: { readinessProbe: probe() } }] }),
    expected: 'ReadinessProbeFailing incident Degraded',
  },
  ReadinessGateUnmet: {
    pod: buildPod({
      spec: { readinessGates: [{ conditionType: 'lb.test/registered' }] },
      conditions: { Ready: { status: 'False', reason: 'ReadinessGatesNotReady' } },
    }),
    expected: 'ReadinessGateUnmet no-incident Progressing',
  },
  PostStartHookFailed: {
    pod: starting(waiting('PostStartHookError', 'command exited with 1')),
    expected: 'PostStartHookFailed incident Degraded',
  },
  PreStopHookFailed: {
    pod: buildPod({ metadata: deleting(-10) }),
    options: { evidence: { events: [event('FailedPreStopHook', 'PreStopHook failed')] } },
    expected: 'PreStopHookFailed no-incident Terminating',
  },
  ContainerStartFailed: {
    pod: starting(waiting('RunContainerError', 'exec: "nope": executable file not found in $PATH')),
    expected: 'ContainerStartFailed incident Degraded',
  },
  ContainerCreateFailed: {
    pod: starting(waiting('CreateContainerError', 'no command specified')),
    expected: 'ContainerCreateFailed incident Degraded',
  },
  ContainerConfigInvalid: {
    pod: starting(waiting('CreateContainerConfigError', 'configmap "settings" not found')),
    expected: 'ContainerConfigInvalid incident Degraded',
  },
  ImagePullFailed: {
    pod: starting(waiting('ErrImagePull', 'registry.test/app:1: not found')),
    expected: 'ImagePullFailed incident Degraded',
  },
  VolumeMountFailed: {
    pod: starting(waiting('ContainerCreating'), { scheduled: -300 }),
    options: { evidence: { events: [event('FailedMount', 'MountVolume.SetUp failed for volume "data" : timed out')] } },
    expected: 'VolumeMountFailed incident Degraded',
  },
  SandboxFailed: {
    pod: starting(waiting('ContainerCreating')),
    options: { evidence: { events: [event('FailedCreatePodSandBox', 'plugin type="bridge" failed')] } },
    expected: 'SandboxFailed incident Degraded',
  },
  StartupStalled: {
    pod: starting(waiting('ContainerCreating'), { scheduled: -300 }),
    expected: 'StartupStalled incident Degraded',
  },
  Unschedulable: {
    pod: buildPod({
      phase: 'Pending',
      conditions: {
        PodScheduled: {
          ...unscheduled,
          reason: 'Unschedulable',
          message: '0/1 nodes are available: 1 Insufficient cpu.',
        },
      },
      containers: [{ state: null }],
    }),
    expected: 'Unschedulable incident Progressing',
  },
  SchedulingGated: {
    pod: buildPod({
      phase: 'Pending',
      spec: { schedulingGates: [{ name: 'quota.test/wait' }] },
      conditions: { PodScheduled: { ...unscheduled, reason: 'SchedulingGated' } },
      containers: [{ state: null }],
    }),
    expected: 'SchedulingGated no-incident Progressing',
  },
  Evicted: {
    pod: buildPod({ phase: 'Failed', status: { reason: 'Evicted' }, containers: [{ state: null }] }),
    expected: 'Evicted incident Failed',
  },
  Preempted: { pod: disrupted('PreemptionByScheduler'), expected: 'Preempted no-incident Terminating' },
  NodeShutdown: { pod: disrupted('TerminationByKubelet'), expected: 'NodeShutdown no-incident Terminating' },
  TaintEvicted: { pod: disrupted('DeletionByTaintManager'), expected: 'TaintEvicted no-incident Terminating' },
  ApiEvicted: { pod: disrupted('EvictionByEvictionAPI'), expected: 'ApiEvicted no-incident Terminating' },
  GarbageCollected: { pod: disrupted('DeletionByPodGC'), expected: 'GarbageCollected no-incident Terminating' },
  NodeLost: { pod: buildPod({ phase: 'Unknown' }), expected: 'NodeLost incident Unknown' },
  AdmissionRejected: {
    pod: buildPod({ phase: 'Failed', status: { reason: 'OutOfcpu' }, containers: [{ state: null }] }),
    expected: 'AdmissionRejected incident Failed',
  },
  DeadlineExceeded: {
    pod: buildPod({
      phase: 'Failed',
      status: { reason: 'DeadlineExceeded' },
      containers: [{ state: terminated({ exitCode: 143 }) }],
    }),
    expected: 'DeadlineExceeded incident Failed',
  },
  StatusLost: { pod: restarted(statusUnknown()), expected: 'StatusLost incident Healthy' },
  Killed: { pod: restarted(terminated({ exitCode: 137 })), expected: 'Killed incident Degraded' },
  ForcedStop: {
    pod: buildPod({ metadata: deleting(-40), containers: [{ state: terminated({ exitCode: 137, finished: -9 }) }] }),
    expected: 'ForcedStop no-incident Terminating',
  },
  GracefulStop: {
    pod: buildPod({ metadata: deleting(-20), containers: [{ state: terminated({ exitCode: 0, finished: -9 }) }] }),
    expected: 'GracefulStop no-incident Terminating',
  },
  Completed: {
    pod: buildPod({ phase: 'Succeeded', owner: 'Job', containers: [{ state: terminated({ exitCode: 0 }) }] }),
    expected: 'Completed no-incident Completed',
  },
  RestartedAfterExit0: {
    pod: restarted(terminated({ exitCode: 0 })),
    expected: 'RestartedAfterExit0 no-incident Degraded',
  },
  StuckTerminating: {
    pod: buildPod({ metadata: { ...deleting(-100), finalizers: ['backup.test/wait'] } }),
    expected: 'StuckTerminating no-incident Terminating',
  },
  EphemeralContainerFailed: {
    pod: buildPod({ containers: [{}, { name: 'debug', type: 'ephemeral', state: terminated({ exitCode: 1 }) }] }),
    expected: 'none no-incident Healthy',
  },
};
