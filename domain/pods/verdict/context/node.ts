import type { ConditionSnapshot, PodSnapshot } from '../../snapshot/pod-snapshot.ts';
import type { NodeEvidence } from '../evidence.ts';
import type { Evidence } from '../types.ts';
import { type EventIndex, eventEvidence, eventsOf } from './events.ts';
import { parseTime } from './time.ts';

/** The pod's node is gone or does not answer, now. */
export interface LostNode {
  readonly since: number | undefined;
  readonly evidence: readonly Evidence[];
}

/** Phase Unknown or reason NodeLost say it; the node's Ready condition says it of a pod that has not ended. */
export function findLostNode(snapshot: PodSnapshot, node: NodeEvidence | undefined): LostNode | undefined {
  const evidence: Evidence[] = [];
  if (snapshot.reason === 'NodeLost') evidence.push({ source: 'pod', path: 'status.reason', value: 'NodeLost' });
  if (snapshot.phase === 'Unknown') evidence.push({ source: 'pod', path: 'status.phase', value: 'Unknown' });
  const ready = readyCondition(node);
  const hasEnded = snapshot.phase === 'Succeeded' || snapshot.phase === 'Failed';
  const notReady = ready !== undefined && ready.status !== 'True' && !hasEnded;
  if (notReady) evidence.push(nodeEvidence(ready));
  if (evidence.length === 0) return undefined;
  return { since: notReady ? parseTime(ready.lastTransitionTime) : undefined, evidence };
}

/** Near this moment the node's memory ran out: an Event SystemOOM or OOMKilling. */
export function findNodeOom(events: EventIndex, at: number, nearSeconds: number): readonly Evidence[] {
  return eventsNear(events, ['SystemOOM', 'OOMKilling'], { at, nearSeconds });
}

/** Near this moment the node rebooted or changed its readiness. */
export function findNodeTrouble(
  sources: { readonly events: EventIndex; readonly node: NodeEvidence | undefined },
  at: number,
  nearSeconds: number,
): readonly Evidence[] {
  const evidence = eventsNear(sources.events, ['Rebooted', 'NodeNotReady'], { at, nearSeconds });
  const ready = readyCondition(sources.node);
  const changedAt = parseTime(ready?.lastTransitionTime);
  if (ready === undefined || changedAt === undefined) return evidence;
  return Math.abs(changedAt - at) <= nearSeconds * 1000 ? [...evidence, nodeEvidence(ready)] : evidence;
}

function eventsNear(
  events: EventIndex,
  reasons: readonly string[],
  { at, nearSeconds }: { at: number; nearSeconds: number },
): readonly Evidence[] {
  const margin = nearSeconds * 1000;
  return eventsOf(events, reasons)
    .filter(
      ({ firstAt, lastAt }) =>
        firstAt !== undefined && lastAt !== undefined && firstAt - margin <= at && at <= lastAt + margin,
    )
    .slice(0, 2)
    .map(eventEvidence);
}

function readyCondition(node: NodeEvidence | undefined): ConditionSnapshot | undefined {
  return node?.conditions.find(({ type }) => type === 'Ready');
}

function nodeEvidence({ status, reason, lastTransitionTime }: ConditionSnapshot): Evidence {
  return {
    source: 'node',
    path: 'status.conditions[Ready].status',
    value: reason === undefined ? status : `${status} (${reason})`,
    ...(lastTransitionTime === undefined ? {} : { observedAt: lastTransitionTime }),
  };
}
