import type { Category, Cause, Severity } from './types.ts';

export interface CauseDefaults {
  readonly category: Category;
  readonly severity: Severity;
}

const row = (category: Category, severity: Severity): CauseDefaults => ({ category, severity });

/** Category and usual severity of every cause; a rule may deviate where docs/verdicts.md says so. */
export const causeTable: Readonly<Record<Cause, CauseDefaults>> = {
  OOMKilled: row('crash', 'high'),
  AppError: row('crash', 'medium'),
  Signalled: row('crash', 'high'),
  LivenessProbeFailed: row('probe', 'high'),
  StartupProbeFailed: row('probe', 'high'),
  ReadinessProbeFailing: row('probe', 'medium'),
  ReadinessGateUnmet: row('informational', 'low'),
  PostStartHookFailed: row('startup', 'high'),
  PreStopHookFailed: row('termination', 'low'),
  ContainerStartFailed: row('startup', 'high'),
  ContainerCreateFailed: row('startup', 'high'),
  ContainerConfigInvalid: row('startup', 'high'),
  ImagePullFailed: row('startup', 'high'),
  VolumeMountFailed: row('startup', 'high'),
  SandboxFailed: row('startup', 'high'),
  StartupStalled: row('startup', 'medium'),
  Unschedulable: row('scheduling', 'medium'),
  SchedulingGated: row('informational', 'info'),
  Evicted: row('node', 'high'),
  Preempted: row('disruption', 'low'),
  NodeShutdown: row('disruption', 'low'),
  TaintEvicted: row('disruption', 'low'),
  ApiEvicted: row('disruption', 'low'),
  GarbageCollected: row('disruption', 'low'),
  NodeLost: row('node', 'critical'),
  AdmissionRejected: row('scheduling', 'medium'),
  DeadlineExceeded: row('workload', 'medium'),
  StatusLost: row('crash', 'low'),
  Killed: row('crash', 'high'),
  ForcedStop: row('termination', 'info'),
  GracefulStop: row('termination', 'info'),
  Completed: row('informational', 'info'),
  RestartedAfterExit0: row('informational', 'low'),
  StuckTerminating: row('termination', 'medium'),
  EphemeralContainerFailed: row('informational', 'low'),
};
