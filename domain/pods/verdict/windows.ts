/** Lengths of time the rules compare with, all in seconds. */
export interface VerdictWindows {
  /** Scheduled and still Pending for longer than this is a stall. */
  readonly startupSeconds: number;
  /** Unschedulable for longer than this is of high severity. */
  readonly unschedulableSeconds: number;
  /** Running but not ready for longer than this is a failing readiness probe. */
  readonly readinessSeconds: number;
  /** What counts as recent for loops, restarts and in-place restarts after a probe kill. */
  readonly recentSeconds: number;
  /** Past the deletion timestamp by more than this, a pod is stuck. */
  readonly stuckTerminatingSeconds: number;
  /** From this gap between an end and the next start on, the node is to blame: the longest back-off is 300 s. */
  readonly nodeGapSeconds: number;
  /** How far trouble of the node may be from an end and still explain it (NotReady comes 40 to 50 s late). */
  readonly nodeNearSeconds: number;
  /** Tolerance between the clocks of kubelet, controllers and API server. */
  readonly slackSeconds: number;
}

export const defaultWindows: VerdictWindows = {
  startupSeconds: 300,
  unschedulableSeconds: 300,
  readinessSeconds: 120,
  recentSeconds: 600,
  stuckTerminatingSeconds: 60,
  nodeGapSeconds: 3600,
  nodeNearSeconds: 120,
  slackSeconds: 10,
};
