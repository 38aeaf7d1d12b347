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
export function searchAttributeValue(value: string): string {
  return value.slice(0, 255);
}
