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

/** `replay/<cluster>/<request id>` */
export function replayWorkflowId(cluster: string, requestId: string): string {
  return `replay/${cluster}/${requestId}`;
}

/** `reclassify/<cluster>/<uid>` */
export function reclassifyWorkflowId(cluster: string, uid: string): string {
  return `reclassify/${cluster}/${uid}`;
}

/** `sweep/<cluster>`: the Schedule, and what the ids of its runs begin with. */
export function sweepScheduleId(cluster: string): string {
  return `sweep/${cluster}`;
}

/** Redis hash of one scope's known pods (uid → namespace, name, version, hasRun). */
export function knownPodsKey(cluster: string, scopeName: string): string {
  return `podkeeper:${cluster}:watch:${scopeName}:pods`;
}

/** The pod a run's id names; undefined when it is not the id of a pod's run in this cluster. */
export function parsePodWorkflowId(cluster: string, workflowId: string): PodIdentity | undefined {
  const [kind, idCluster, namespace, name, uid, ...rest] = workflowId.split('/');
  if (kind !== 'pod' || idCluster !== cluster || rest.length > 0) return undefined;
  return namespace && name && uid ? { namespace, name, uid } : undefined;
}
