import type { PodIdentity } from '../../../domain/names.ts';
import type { PodChange } from '../../../domain/pods/pod-change.ts';

/** A change on its way to its pod's run. */
export interface PendingChange {
  readonly change: PodChange;
  readonly pod: PodIdentity;
  /** Crash, deletion and first appearance do not wait for the coalescing window. */
  readonly urgent: boolean;
  /** Called once Temporal has accepted it. */
  readonly accepted: () => void;
}
