import type { ConditionSnapshot } from '../snapshot/pod-snapshot.ts';

/** What a verdict may use beside the Pod itself. Every part is optional: what is absent is unknown, never assumed. */
export interface VerdictEvidence {
  /**
   * Events about the pod and its node. The kubelet stops writing after about 51 per pod, so the caller must keep the
   * ones it has seen.
   */
  readonly events?: readonly EventEvidence[];
  readonly node?: NodeEvidence;
  /** The Job that owns the pod. */
  readonly job?: JobEvidence;
  readonly metrics?: readonly MetricsEvidence[];
}

/** One Event of either API; times are RFC 3339 strings. */
export interface EventEvidence {
  readonly reason: string;
  readonly message?: string;
  /** What it is about. Absent: the pod. */
  readonly regarding?: EventSubject;
  /** `involvedObject.fieldPath`, e.g. `spec.containers{app}`. */
  readonly fieldPath?: string;
  /** How often it was seen; 1 when absent. */
  readonly count?: number;
  readonly firstSeenAt?: string;
  readonly lastSeenAt?: string;
}

interface EventSubject {
  readonly kind: string;
  readonly name?: string;
  readonly uid?: string;
}

export interface NodeEvidence {
  readonly name?: string;
  readonly conditions: readonly ConditionSnapshot[];
  /** `status.nodeInfo.operatingSystem`: exit codes of Windows are never signals. */
  readonly operatingSystem?: string;
}

export interface JobEvidence {
  /** `status.conditions` of the Job. */
  readonly conditions?: readonly ConditionSnapshot[];
  /** `status.failed`: attempts that failed so far. */
  readonly failed?: number;
  /** `spec.backoffLimit`. */
  readonly backoffLimit?: number;
}

/** One container's memory use, from metrics.k8s.io. */
interface MetricsEvidence {
  readonly container: string;
  readonly memoryBytes: number;
  readonly observedAt?: string;
}
