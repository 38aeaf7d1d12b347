import type { PodSnapshot } from '../../snapshot/pod-snapshot.ts';

/**
 * Whether the pod is Ready: its condition says so. Senders that leave conditions out (webhooks) are judged by the
 * containers that must run.
 */
export function isPodReady(snapshot: PodSnapshot): boolean {
  const ready = snapshot.conditions.find(({ type }) => type === 'Ready');
  if (ready !== undefined) return ready.status === 'True';
  const serving = snapshot.containers.filter(({ type }) => type === 'app' || type === 'sidecar');
  return serving.length > 0 && serving.every(({ status }) => status?.ready === true);
}
