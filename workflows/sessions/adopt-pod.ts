import { ActivityFailure, ApplicationFailure, isCancellation } from '@temporalio/workflow';
import { patient, type SessionContext } from './session-context.ts';
import { followPod } from './start-pod.ts';

/** What an earlier run may have left: the highest pod of this session that is alive is taken over; it need not be ready. */
export async function adoptPod(context: SessionContext): Promise<void> {
  const { input, ref } = context;
  const { pod, highestIncarnation } = await patient.discoverSession({ ...ref, namespaces: input.namespaces });
  context.update({ highestIncarnation });
  context.looked = true;
  if (pod === null) return;
  const { incarnation } = pod;
  context.update(
    { pod, startedAs: 'existing', waitingFor: 'its pod is being looked at' },
    { to: 'Starting', incarnation },
  );
  try {
    await followPod(context, Date.now() + input.podCreationTimeoutSeconds * 1000);
  } catch (error) {
    if (isCancellation(error)) {
      // Ended meanwhile. Gateways may have sent requests to it all the time: those are waited for.
      context.cancelledStarts += 1;
      context.update({ waitingFor: '' }, { to: 'Draining', incarnation, drain: 'terminate' });
      return;
    }
    if (!(error instanceof ActivityFailure) && !(error instanceof ApplicationFailure)) throw error;
    // It will not serve: it is removed, and who waits gets the next one.
    context.update({ waitingFor: '' }, { to: 'Deleting', incarnation });
  }
}
