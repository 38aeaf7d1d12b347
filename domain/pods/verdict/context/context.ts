import type { ConditionSnapshot, PodSnapshot } from '../../snapshot/pod-snapshot.ts';
import type { VerdictEvidence } from '../evidence.ts';
import { defaultWindows, type VerdictWindows } from '../windows.ts';
import { type ContainerView, viewContainers } from './container-view.ts';
import { type Deadline, findDeadline } from './deadline.ts';
import { type Deletion, findDeletion } from './deletion.ts';
import { type Disruption, findDisruption } from './disruption.ts';
import { type EventIndex, indexEvents } from './events.ts';
import { findLostNode, type LostNode } from './node.ts';
import { isPodReady } from './readiness.ts';

/** What a verdict is asked of. */
export interface VerdictInput {
  readonly snapshot: PodSnapshot;
  /** The last snapshot before this one; ignored when it is of another uid. */
  readonly previous?: PodSnapshot | undefined;
  readonly evidence?: VerdictEvidence | undefined;
  /** The moment of the verdict: when the change was observed, not when it is worked on. */
  readonly now: Date;
  readonly windows?: Partial<VerdictWindows> | undefined;
  /** The pod no longer exists (a DELETED change): rules about what is overdue do not apply. */
  readonly deleted?: boolean | undefined;
}

/** All that rules look at, worked out once per verdict. */
export interface VerdictContext {
  readonly snapshot: PodSnapshot;
  readonly previous: PodSnapshot | undefined;
  readonly evidence: VerdictEvidence;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly windows: VerdictWindows;
  readonly deleted: boolean;
  readonly containers: readonly ContainerView[];
  readonly events: EventIndex;
  readonly deletion: Deletion | undefined;
  readonly disruption: Disruption | undefined;
  readonly deadline: Deadline | undefined;
  readonly lostNode: LostNode | undefined;
  readonly isReady: boolean;
}

/** Prepares what all rules share: views of the containers, Events by reason, deletion, disruption, node. */
export function createContext(input: VerdictInput): VerdictContext {
  const { snapshot, evidence = {} } = input;
  const now = input.now.getTime();
  const windows = input.windows === undefined ? defaultWindows : { ...defaultWindows, ...input.windows };
  const previous = input.previous?.uid === snapshot.uid ? input.previous : undefined;
  const containers = viewContainers(snapshot, previous, { now, windows });
  return {
    snapshot,
    previous,
    evidence,
    now,
    windows,
    deleted: input.deleted ?? false,
    containers,
    events: indexEvents(evidence.events, snapshot),
    deletion: findDeletion(snapshot, previous),
    disruption: findDisruption(snapshot, now),
    deadline: findDeadline(snapshot, containers),
    lostNode: findLostNode(snapshot, evidence.node),
    isReady: isPodReady(snapshot),
  };
}

/** The pod's condition of this type. */
export function conditionOf(context: VerdictContext, type: string): ConditionSnapshot | undefined {
  return context.snapshot.conditions.find((condition) => condition.type === type);
}

/** The pod is being deleted or is gone. */
export function isGoing({ snapshot, deleted }: VerdictContext): boolean {
  return deleted || snapshot.deletionTimestamp !== undefined;
}
