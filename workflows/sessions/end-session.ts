import { CancellationScope, condition, isCancellation } from '@temporalio/workflow';
import { idleSinceMs } from '../../domain/sessions/state/session-life.ts';
import { attempt, patient, quick, type SessionContext } from './session-context.ts';
import { callBack } from './serve-session.ts';

const lookEveryMs = 1000;

/** Lets a session that is to end finish what it does. Leaves it Deleting, or Ready when a request called it back. */
export async function drainSession(context: SessionContext): Promise<void> {
  const { input, ref, wishes } = context;
  const { drain, incarnation } = context.state.standing;
  if (drain === 'idle') {
    await hearGateways(context);
    // A request that came in time has the session back; one that comes too late waits for the next pod.
    if (wishes.waiting > 0 && wishes.end === null && (await callBack(context))) return;
    context.update({}, { to: 'Deleting', incarnation });
    return;
  }
  // Best effort: nothing depends on it.
  if (context.state.pod !== null) {
    await attempt(quick.allowDisruption({ cluster: ref.cluster, pod: context.state.pod }));
  }
  const untilMs = Date.now() + input.class.drainSeconds * 1000;
  const isForced = (): boolean => wishes.end?.force === true;
  while (!isForced() && Date.now() < untilMs) {
    const leases = await attempt(quick.hasLeases({ ...ref, incarnation }));
    if ('value' in leases && !leases.value) break;
    await condition(isForced, Math.min(lookEveryMs, Math.max(1, untilMs - Date.now())));
  }
  context.update({}, { to: 'Deleting', incarnation });
}

/** A gateway that was cut off may have sent it a request that Redis learns of with its next beat. Ends at once when one waits. */
async function hearGateways({ ref, state, wishes }: SessionContext): Promise<void> {
  const { incarnation } = state.standing;
  const hearing = new CancellationScope();
  const isWanted = (): boolean => wishes.waiting > 0 || wishes.end !== null;
  void condition(isWanted).then(() => hearing.cancel());
  // Not heard of all, or Redis away: then it is not sealed.
  await hearing
    .run(() => attempt(quick.hearGateways({ ...ref, incarnation })))
    .catch((error: unknown) => {
      if (!isCancellation(error)) throw error;
    });
}

/** Seals and removes the pod. Leaves the session Gone, or Ready when something spoke against ending an idle one. */
export async function removePod(context: SessionContext): Promise<void> {
  const { ref, state } = context;
  const { drain, incarnation } = state.standing;
  const forIdleness = drain === 'idle' && context.wishes.end === null;
  const sealed = await attempt(quick.sealSession({ ...ref, incarnation, forIdleness }));
  // A pod whose end somebody asked for is removed also while Redis is away: its route goes with it.
  if (forIdleness && !('value' in sealed && sealed.value)) {
    // What spoke against it may be over soon, as when a gateway has crashed: only a request makes it active.
    if (await callBack(context, context.wishes.waiting > 0 ? undefined : lookEveryMs)) return;
    const idleDueMs = Date.now() + lookEveryMs;
    context.update({ idleDueMs }, { to: 'Ready', incarnation });
    return;
  }
  const grace = context.wishes.end?.force === true ? { graceSeconds: 0 } : {};
  const { namespace } = state.pod ?? context.input;
  const idleMs = forIdleness ? idleSinceMs(state, context.input.class.idleTimeoutSeconds * 1000) : null;
  const { gone } = await patient.deleteSessionPod({
    ...ref,
    incarnation,
    namespace,
    reason: drain ?? 'terminate',
    ...grace,
    ...(idleMs !== null && { idleSinceMs: idleMs }),
  });
  // On a dead node its end is never confirmed. The next pod may start all the same: this one is sealed and marked as deleted,
  // so no gateway routes to it or gets a lease for it, and its incarnation is lower than the next.
  const unconfirmed = gone ? null : state.pod;
  context.update({ pod: null, healing: false, unconfirmed }, { to: 'Gone', incarnation });
}
