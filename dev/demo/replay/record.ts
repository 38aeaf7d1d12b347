import type { ReplayDetails } from '../../../triggers/http/runs/replays/read-replay.ts';
import type { PodRunView } from '../../../triggers/http/runs/views/read-pod-run.ts';
import type { ReplayProgress } from '../../../workflows/replay-classifications.messages.ts';
import type { ReportedPod } from './reported-pods.ts';

/** A replay that has begun. */
export interface SeenReplay extends ReplayDetails {
  readonly progress: ReplayProgress;
}

/** What was seen of the replay so far, in the answers of the HTTP API; the check is made from it. */
export interface ReplayRecord {
  readonly sent: readonly ReportedPod[];
  /** By the pod's name: its run when it could not be classified. */
  readonly failing: ReadonlyMap<string, PodRunView>;
  readonly replay: SeenReplay | null;
  /** By the pod's name: its run when the replay was over. */
  readonly afterwards: ReadonlyMap<string, PodRunView>;
}

export const nothingYet: ReplayRecord = { sent: [], failing: new Map(), replay: null, afterwards: new Map() };
