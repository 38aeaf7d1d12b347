import { condition } from '@temporalio/workflow';
import { failureMs } from '../../domain/sessions/state/session-life.ts';
import { attempt, patient, quick, type SessionContext } from './session-context.ts';

/**
 * Removes what could not be started, gives the slot back, and answers the reason until its time is over; nothing is
 * started meanwhile. Leaves the session Gone.
 */
export async function restAfterFailure(context: SessionContext): Promise<void> {
  const { ref, wishes, runId, state } = context;
  const { incarnation } = state.standing;
  const untilMs = state.failure?.untilMs || Date.now() + failureMs(state.failures);
  // Also when no pod is known: the answer to its creation may have been lost.
  const namespace = state.pod?.namespace ?? context.input.namespace;
  await patient.deleteSessionPod({ ...ref, incarnation, namespace, reason: 'failed', graceSeconds: 0 });
  await attempt(quick.releaseSlot({ ...ref, runId }));
  context.update({ pod: null, healing: false });
  await condition(() => wishes.end !== null, Math.max(1, untilMs - Date.now()));
  context.update({ failure: null, heals: 0 }, { to: 'Gone', incarnation });
}
