import type { ContainerType } from '../snapshot/pod-snapshot.ts';

/** The closed list of causes. Names follow Kubernetes reasons where one exists. See docs/verdicts.md. */
export const causes = [
  'OOMKilled',
  'AppError',
  'Signalled',
  'LivenessProbeFailed',
  'StartupProbeFailed',
  'ReadinessProbeFailing',
  'ReadinessGateUnmet',
  'PostStartHookFailed',
  'PreStopHookFailed',
  'ContainerStartFailed',
  'ContainerCreateFailed',
  'ContainerConfigInvalid',
  'ImagePullFailed',
  'VolumeMountFailed',
  'SandboxFailed',
  'StartupStalled',
  'Unschedulable',
  'SchedulingGated',
  'Evicted',
  'Preempted',
  'NodeShutdown',
  'TaintEvicted',
  'ApiEvicted',
  'GarbageCollected',
  'NodeLost',
  'AdmissionRejected',
  'DeadlineExceeded',
  'StatusLost',
  'Killed',
  'ForcedStop',
  'GracefulStop',
  'Completed',
  'RestartedAfterExit0',
  'StuckTerminating',
  'EphemeralContainerFailed',
] as const;

export type Cause = (typeof causes)[number];

export type Health = 'Healthy' | 'Progressing' | 'Degraded' | 'Failed' | 'Completed' | 'Terminating' | 'Unknown';

export type Category =
  'crash' | 'startup' | 'scheduling' | 'probe' | 'disruption' | 'node' | 'termination' | 'workload' | 'informational';

/** From worst to mildest. */
export const severities = ['critical', 'high', 'medium', 'low', 'info'] as const;
export type Severity = (typeof severities)[number];

export type Confidence = 'confirmed' | 'likely' | 'possible';

export type EvidenceSource = 'pod' | 'previous-pod' | 'event' | 'node' | 'log' | 'metrics' | 'manifest';

/**
 * Why a finding that would otherwise count opens no incident (section "Not a crash" of docs/verdicts.md). `ignored` comes
 * from a user rule, after the verdict was decided.
 */
export const excuses = [
  'pod-succeeded',
  'deletion',
  'sidecar-after-app',
  'disruption',
  'job-attempt',
  'restart-rule',
  'node-gap',
  'ignored',
] as const;

export type Excuse = (typeof excuses)[number];

export interface Evidence {
  readonly source: EvidenceSource;
  /** Where in the source, e.g. `status.containerStatuses[app].lastState.terminated.reason`. */
  readonly path?: string;
  readonly value: string;
  readonly observedAt?: string;
}

export interface Finding {
  readonly cause: Cause;
  readonly category: Category;
  readonly severity: Severity;
  readonly confidence: Confidence;
  readonly container?: string;
  readonly containerType?: ContainerType;
  readonly exitCode?: number;
  /** Named, e.g. `SIGSEGV`. */
  readonly signal?: string;
  readonly restarts?: number;
  readonly detail?: string;
  /** The cause of another finding of this verdict that explains this one. */
  readonly explainedBy?: Cause;
  /** Set when a rule of "Not a crash" applies: this finding alone opens no incident. */
  readonly excuse?: Excuse;
  readonly summary: string;
  readonly remedy?: string;
  readonly evidence: readonly Evidence[];
}

export interface Verdict {
  readonly schemaVersion: 1;
  readonly health: Health;
  readonly incident: boolean;
  readonly primary: Cause | null;
  /** The primary one first, then by weight; at most 64 and 24 KB. */
  readonly findings: readonly Finding[];
  /** How many findings were left out to keep the bounds; absent when none. */
  readonly droppedFindings?: number;
}
