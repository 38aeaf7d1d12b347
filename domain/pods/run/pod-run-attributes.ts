import type { SearchAttributeValues } from '../../search-attributes.ts';
import type { ObservedChange } from '../pod-change.ts';
import { hasFailures, type PodRunState } from './pod-run.ts';
import type { PodSnapshot } from '../snapshot/pod-snapshot.ts';

/** `Deployment/web`, or `Pod/name` for a pod that owns itself. */
export function ownerLabel(snapshot: PodSnapshot): string {
  return snapshot.owner === undefined ? `Pod/${snapshot.name}` : `${snapshot.owner.kind}/${snapshot.owner.name}`;
}

/** The state a run is started with, before its first classification. */
export const startState = 'Progressing';

/** What a run is started with: all that the first object of the pod proves. */
export function podStartAttributes(first: {
  readonly cluster: string;
  readonly change: ObservedChange;
}): SearchAttributeValues {
  const { snapshot, operation } = first.change;
  return {
    cluster: first.cluster,
    namespace: snapshot.namespace,
    pod: snapshot.name,
    owner: ownerLabel(snapshot),
    state: startState,
    tags: ['pod', operation],
    ...(snapshot.nodeName === undefined ? {} : { node: snapshot.nodeName }),
  };
}

const failedState = 'classification-failed';
const failedRulePrefix = 'failed-rule:';

/**
 * What the run should show now, or undefined when `shown` still says it. An upsert is a billable action, so what
 * changes with every update (tags) or always once (node) only rides along, and an end that somebody asked for is not worth
 * one; after a reclassification `tagsCount`. The rules that made kept failures fail are among the tags, so that a replay can
 * ask for them.
 */
export function nextPodAttributes(
  shown: SearchAttributeValues,
  state: PodRunState,
  { tagsCount = false }: { readonly tagsCount?: boolean } = {},
): (Required<Pick<SearchAttributeValues, 'state' | 'tags' | 'restarts'>> & SearchAttributeValues) | undefined {
  const { verdict, snapshot } = state;
  const failed = hasFailures(state);
  if (verdict === null && !failed) return undefined;
  // Findings are sorted by weight: the first is the primary one.
  const finding = verdict?.findings[0];
  const health = verdict?.health ?? 'Unknown';
  const quietEnd =
    snapshot?.deletionTimestamp !== undefined && verdict?.incident === false && shown.state !== failedState;
  const next = {
    state: failed ? failedState : quietEnd ? (shown.state ?? health) : health,
    restarts: state.restarts,
    tags: [...(state.timeline.at(-1)?.tags ?? []), ...failedRules(state).map((rule) => failedRulePrefix + rule)],
    ...(finding === undefined || !verdict?.incident ? {} : { cause: finding.cause, severity: finding.severity }),
    ...(snapshot?.nodeName === undefined ? {} : { node: snapshot.nodeName }),
  };
  const shownTags = ({ tags = [] }: SearchAttributeValues): string =>
    tags.filter((tag) => tagsCount || tag.startsWith(failedRulePrefix)).join();
  const same =
    next.state === shown.state &&
    next.restarts === (shown.restarts ?? 0) &&
    (next.cause === undefined || next.cause === shown.cause) &&
    (next.severity === undefined || next.severity === shown.severity) &&
    shownTags(next) === shownTags(shown);
  return same ? undefined : next;
}

/** The user rules that made the kept failures fail, each once, sorted. */
function failedRules({ failures }: PodRunState): string[] {
  return [...new Set(failures.flatMap(({ rule }) => rule ?? []))].sort();
}
