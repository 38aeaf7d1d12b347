/** Ids of runs and keys in Redis: the one place that spells them. Ids contain the cluster's configured name. */

export interface PodIdentity {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
}

/** `watch/<cluster>/<scope>` */
export function watchWorkflowId(cluster: string, scopeName: string): string {
  return `watch/${cluster}/${scopeName}`;
}

/** `pod/<cluster>/<namespace>/<name>/<uid>` */
export function podWorkflowId(cluster: string, pod: PodIdentity): string {
  return `pod/${cluster}/${pod.namespace}/${pod.name}/${pod.uid}`;
}

/** Redis hash of one scope's known pods (uid → namespace, name, version, hasRun). */
export function knownPodsKey(cluster: string, scopeName: string): string {
  return `podkeeper:${cluster}:watch:${scopeName}:pods`;
}
