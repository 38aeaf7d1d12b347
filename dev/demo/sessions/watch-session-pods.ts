import { fieldsOf } from '../../../domain/pods/snapshot/projection/reader.ts';
import { sessionLabels } from '../../../domain/sessions/identity/session-names.ts';
import type { KubernetesApi } from '../../kubernetes/api.ts';
import { type RawChange, watchCollection } from '../../kubernetes/watch.ts';
import { sessionsNamespace } from './demo-session.ts';
import type { SeenSessionPod } from './session-record.ts';

/** The demo's own eyes on session pods; the order is that of their incarnations. */
export function watchSessionPods({ api, signal }: { readonly api: KubernetesApi; readonly signal: AbortSignal }) {
  const pods = new Map<string, SeenSessionPod>();
  const take = ({ type, object }: RawChange): void => {
    const { name, uid } = object.metadata;
    const incarnation = Number(fieldsOf(object.metadata['labels'])[sessionLabels.incarnation]);
    const created = object.metadata['creationTimestamp'];
    const known = pods.get(uid);
    const going = type === 'DELETED' || object.metadata['deletionTimestamp'] !== undefined;
    pods.set(uid, {
      name,
      incarnation,
      createdMs: known?.createdMs ?? Date.parse(typeof created === 'string' ? created : ''),
      goneMs: known?.goneMs ?? (going ? Date.now() : null),
    });
  };
  const watching = watchCollection({ api, path: podsPath, signal, onChange: take });
  return {
    /** Rejects when the watch breaks. */
    watching,
    list: (): readonly SeenSessionPod[] => [...pods.values()].sort((one, other) => one.incarnation - other.incarnation),
  };
}

const podsPath = `/api/v1/namespaces/${sessionsNamespace}/pods`;

/** Removes a pod as if its node had died: at once. */
export async function killPod(api: KubernetesApi, name: string): Promise<void> {
  await api.call({
    method: 'DELETE',
    path: `${podsPath}/${name}`,
    body: { apiVersion: 'v1', kind: 'DeleteOptions', gracePeriodSeconds: 0 },
  });
}
