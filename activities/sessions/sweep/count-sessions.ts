import { sessionLabels } from '../../../domain/sessions/identity/session-names.ts';
import type { AdmissionStore, Slot } from '../../../platform/redis/sessions/admission/admission.ts';
import type { RedisResult } from '../../../platform/redis/redis.ts';
import { listSessionPods, type ListedPod, type ListSessionPods } from './list-session-pods.ts';

export interface CountSessions extends ListSessionPods {
  readonly admission: Pick<AdmissionStore, 'epoch' | 'rebuild'>;
}

export interface SessionCount {
  readonly pods: readonly ListedPod[];
  /** The epoch of Redis' records that the sessions are counted in; why not, when they are not. */
  readonly counted: RedisResult<string>;
}

/**
 * Lists all pods of sessions and tells Redis which sessions there are: after it was emptied this lets sessions start again,
 * else it prolongs the slots that no run has confirmed yet.
 */
export async function countSessions({ admission, ...listing }: CountSessions): Promise<SessionCount> {
  // Before the list: pods that are made after it was emptied again would otherwise be missed.
  const epoch = await admission.epoch();
  const pods = await listSessionPods(listing);
  if (!epoch.ok) return { pods, counted: epoch };
  const told = await admission.rebuild(epoch.value, slotsOf(pods));
  if (!told.ok) return { pods, counted: told };
  return { pods, counted: told.value ? epoch : { ok: false, reason: 'Redis was emptied meanwhile' } };
}

/** One a session that has a pod which lives; a pod of a key that this worker has not counts, too. */
function slotsOf(pods: readonly ListedPod[]): readonly Slot[] {
  const slots = new Map<string, Slot>();
  for (const { view, owner, alive, labels } of pods) {
    if (!alive || owner === 'forged') continue;
    slots.set(view.key, { key: view.key, tenantHash: tenantOf(labels) });
  }
  return [...slots.values()];
}

function tenantOf(labels: ListedPod['labels']): string {
  return labels[sessionLabels.tenant] ?? '';
}
