/**
 * The compact, bounded copy of a Pod that leaves the watch. Everything a verdict, a transition or a rule may look at is
 * in here and nothing else is. Times are RFC 3339 strings as the API server wrote them. Absent means absent: no field is
 * filled with a default the API server did not send, except where noted.
 */
export interface PodSnapshot {
  readonly uid: string;
  readonly namespace: string;
  readonly name: string;
  /** `metadata.resourceVersion`; empty when the sender did not give one (webhook, files). */
  readonly version: string;
  readonly createdAt?: string;
  readonly labels: Readonly<Record<string, string>>;
  /** The controlling ownerReference (`controller: true`), else the first one. */
  readonly owner?: PodOwner;
  readonly nodeName?: string;
  /** `status.phase` as sent; empty when absent. */
  readonly phase: string;
  /** `status.reason` and `status.message` of the Pod itself (Evicted, DeadlineExceeded …). */
  readonly reason?: string;
  readonly message?: string;
  readonly qosClass?: string;
  readonly startTime?: string;
  readonly restartPolicy?: string;
  readonly terminationGracePeriodSeconds?: number;
  readonly activeDeadlineSeconds?: number;
  readonly deletionTimestamp?: string;
  readonly deletionGracePeriodSeconds?: number;
  readonly finalizers: readonly string[];
  readonly schedulingGates: readonly string[];
  readonly readinessGates: readonly string[];
  readonly conditions: readonly ConditionSnapshot[];
  /** App, init, sidecar and ephemeral containers: of the spec, plus any that only the status names. */
  readonly containers: readonly ContainerSnapshot[];
  /** What was cut to keep the snapshot in bounds, as field paths with counts, e.g. `labels (12 dropped)`. */
  readonly truncated?: readonly string[];
}

export interface PodOwner {
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
}

export interface ConditionSnapshot {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
  readonly lastTransitionTime?: string;
}

/** A sidecar is an init container whose own restartPolicy is Always. */
export type ContainerType = 'app' | 'init' | 'sidecar' | 'ephemeral';

export interface ContainerSnapshot {
  readonly name: string;
  readonly type: ContainerType;
  readonly image?: string;
  /** The container's own restartPolicy (sidecars; container restart rules of Kubernetes 1.34 and later). */
  readonly restartPolicy?: string;
  readonly restartPolicyRules?: readonly RestartRuleSnapshot[];
  readonly requests?: Readonly<Record<string, string>>;
  readonly limits?: Readonly<Record<string, string>>;
  readonly liveness?: ProbeSnapshot;
  readonly readiness?: ProbeSnapshot;
  readonly startup?: ProbeSnapshot;
  readonly postStart?: true;
  readonly preStop?: true;
  /** Absent when the Pod has no status for this container yet. */
  readonly status?: ContainerStatusSnapshot;
}

/** A probe with the API's defaults filled in (0, 10, 3, 1), because a file may leave them out. */
export interface ProbeSnapshot {
  readonly initialDelaySeconds: number;
  readonly periodSeconds: number;
  readonly failureThreshold: number;
  readonly timeoutSeconds: number;
  readonly terminationGracePeriodSeconds?: number;
}

export interface RestartRuleSnapshot {
  readonly action: string;
  readonly operator?: string;
  readonly exitCodes?: readonly number[];
}

export interface ContainerStatusSnapshot {
  readonly ready: boolean;
  readonly started?: boolean;
  readonly restartCount: number;
  readonly state?: ContainerStateSnapshot;
  readonly lastState?: ContainerStateSnapshot;
}

export type ContainerStateSnapshot = WaitingState | RunningState | TerminatedState;

export interface WaitingState {
  readonly kind: 'waiting';
  readonly reason?: string;
  readonly message?: string;
}

export interface RunningState {
  readonly kind: 'running';
  readonly startedAt?: string;
}

export interface TerminatedState {
  readonly kind: 'terminated';
  readonly exitCode: number;
  readonly signal?: number;
  readonly reason?: string;
  readonly message?: string;
  readonly startedAt?: string;
  readonly finishedAt?: string;
}
