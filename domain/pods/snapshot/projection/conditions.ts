import type { ConditionSnapshot } from '../pod-snapshot.ts';
import { type BoundedReader, type Draft, fieldsOf, itemsOf } from './reader.ts';

/** https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-conditions */
const kubernetesConditions = new Set<unknown>([
  'PodScheduled',
  'PodReadyToStartContainers',
  'Initialized',
  'ContainersReady',
  'Ready',
  'DisruptionTarget',
]);

/** `status.conditions`; when there are too many, those that Kubernetes itself sets stay. */
export function projectConditions(value: unknown, reader: BoundedReader): ConditionSnapshot[] {
  const conditions: ConditionSnapshot[] = [];
  for (const item of reader.list(knownFirst(value, reader), reader.limits.conditions, 'conditions')) {
    const condition = fieldsOf(item);
    const type = reader.text(condition.type, reader.limits.name, 'conditions.type');
    const status = reader.word(condition.status, 'conditions.status');
    if (type === undefined || status === undefined) continue;
    const draft: Draft<ConditionSnapshot> = { type, status };
    const reason = reader.word(condition.reason, 'conditions.reason');
    if (reason !== undefined) draft.reason = reason;
    const message = reader.message(condition.message, 'conditions.message');
    if (message !== undefined) draft.message = message;
    const changedAt = reader.word(condition.lastTransitionTime, 'conditions.lastTransitionTime');
    if (changedAt !== undefined) draft.lastTransitionTime = changedAt;
    conditions.push(draft);
  }
  return conditions;
}

function knownFirst(value: unknown, reader: BoundedReader): readonly unknown[] {
  const conditions = itemsOf(value);
  if (conditions.length <= reader.limits.conditions) return conditions;
  const isKnown = (condition: unknown): boolean => kubernetesConditions.has(fieldsOf(condition).type);
  return conditions.toSorted((a, b) => Number(isKnown(b)) - Number(isKnown(a)));
}
