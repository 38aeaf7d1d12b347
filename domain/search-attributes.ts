/**
 * Every search attribute a run may carry. The local environment, the worker's check at boot and the docs read this list.
 * Temporal's local server has room for 10 Keyword attributes. Values are at most 255 characters: a longer or
 * unregistered one wedges the run's workflow task, so `searchAttributeValue` cuts and workers check at boot.
 */
export const searchAttributes = {
  cluster: { name: 'PodkeeperCluster', type: 'Keyword' },
  namespace: { name: 'PodkeeperNamespace', type: 'Keyword' },
  pod: { name: 'PodkeeperPod', type: 'Keyword' },
  owner: { name: 'PodkeeperOwner', type: 'Keyword' },
  node: { name: 'PodkeeperNode', type: 'Keyword' },
  cause: { name: 'PodkeeperCause', type: 'Keyword' },
  severity: { name: 'PodkeeperSeverity', type: 'Keyword' },
  state: { name: 'PodkeeperState', type: 'Keyword' },
  tenant: { name: 'PodkeeperTenant', type: 'Keyword' },
  tags: { name: 'PodkeeperTags', type: 'KeywordList' },
  restarts: { name: 'PodkeeperRestarts', type: 'Int' },
} as const;

/** Cuts a Keyword value to what every visibility store accepts. */
function searchAttributeValue(value: string): string {
  return value.slice(0, 255);
}

/** Values for the attributes above; what is absent is not set. */
export interface SearchAttributeValues {
  readonly cluster?: string;
  readonly namespace?: string;
  readonly pod?: string;
  readonly owner?: string;
  readonly node?: string;
  readonly cause?: string;
  readonly severity?: string;
  readonly state?: string;
  readonly tenant?: string;
  readonly tags?: readonly string[];
  readonly restarts?: number;
}

/** One typed pair as the Temporal SDK takes it, for starting a run and for upserting in one. */
export type AttributePair =
  | { key: { name: string; type: 'KEYWORD' }; value: string }
  | { key: { name: string; type: 'KEYWORD_LIST' }; value: string[] }
  | { key: { name: string; type: 'INT' }; value: number };

/** Turns values into typed pairs, cut to what a visibility store accepts. */
export function searchAttributePairs({ tags, restarts, ...keywords }: SearchAttributeValues): AttributePair[] {
  const pairs: AttributePair[] = Object.entries(keywords).map(([attribute, value]: [string, string]) => ({
    key: { name: searchAttributes[attribute as keyof typeof keywords].name, type: 'KEYWORD' },
    value: searchAttributeValue(value),
  }));
  if (tags !== undefined) {
    pairs.push({
      key: { name: searchAttributes.tags.name, type: 'KEYWORD_LIST' },
      value: tags.map(searchAttributeValue),
    });
  }
  if (restarts !== undefined)
    pairs.push({ key: { name: searchAttributes.restarts.name, type: 'INT' }, value: restarts });
  return pairs;
}
