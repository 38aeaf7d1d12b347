import {
  ActivityFailure,
  ApplicationFailure,
  CancellationScope,
  condition,
  isCancellation,
} from '@temporalio/workflow';
import { nextIncarnation } from '../../domain/sessions/identity/incarnation.ts';
import { failureMs } from '../../domain/sessions/state/session-life.ts';
import { attempt, patient, quick, type SessionContext } from './session-context.ts';

/** How long one look at a starting pod may take; what it waits for is told to clients after that. */
const followMs = 5000;

/**
 * Makes the next pod of the session and waits until it is ready. Ends with the session Ready, Failed, or (when somebody
 * ended it meanwhile) Deleting.
 */
export async function startPod(context: SessionContext): Promise<void> {
  const { input, ref, runId } = context;
  const nowMs = Date.now();
  const incarnation = nextIncarnation(nowMs, context.state.highestIncarnation);
  context.update(
    {
      highestIncarnation: incarnation,
      // One that never was ready has served nobody: the next one is still for the first request.
      startedAs: context.state.healing && context.state.endsAtMs > 0 ? 'healed' : 'cold',
      pod: null,
      readyAtMs: null,
      failure: null,
      waitingFor: 'its pod is being created',
    },
    { to: 'Starting', incarnation },
  );
  const untilMs = nowMs + input.podCreationTimeoutSeconds * 1000;
  try {
    const { sessionId, ownerHash, tenant, namespace, class: sessionClass } = input;
    const made = { ...ref, sessionId, ownerHash, tenant, namespace, incarnation, class: sessionClass, runId };
    context.update({ pod: await quick.createSessionPod(made) });
    await followPod(context, untilMs);
  } catch (error) {
    if (isCancellation(error)) {
      context.cancelledStarts += 1;
      context.update({}, { to: 'Deleting', incarnation });
      return;
    }
    if (!(error instanceof ActivityFailure) && !(error instanceof ApplicationFailure)) throw error;
    failSession(context, error);
  }
}

/**
 * Waits until the pod of the present incarnation is ready; throws an ApplicationFailure when it will not be, and a
 * cancellation when somebody ends the session meanwhile.
 */
export async function followPod(context: SessionContext, untilMs: number): Promise<void> {
  const following = new CancellationScope();
  void condition(() => context.wishes.end !== null || context.state.standing.phase !== 'Starting').then(() =>
    following.cancel(),
  );
  await following.run(() => follow(context, untilMs));
}

async function follow(context: SessionContext, untilMs: number): Promise<void> {
  const { input, ref } = context;
  const { port, probePath, maxLifetimeSeconds, idleTimeoutSeconds } = input.class;
  const pod = context.pod();
  for (;;) {
    const seen = await patient.followStart({ cluster: ref.cluster, pod, port, probePath, waitMs: followMs });
    if (seen.state === 'failed') throw ApplicationFailure.nonRetryable(seen.detail, seen.code);
    if (seen.state === 'ready') {
      const nowMs = Date.now();
      const ready = { ...pod, address: seen.address, node: seen.node };
      // Without Redis the pod is as ready; its record is made good by the first look whether it is idle.
      const { startedAs: start, wantedAtMs } = context.state;
      const published = await attempt(quick.publishSession({ ...ref, pod: ready, start, startMs: nowMs - wantedAtMs }));
      // A run that was terminated just before it deleted its pod has sealed it: no gateway gets a lease on it any more.
      if (start === 'existing' && 'value' in published && published.value === 'refused') {
        throw ApplicationFailure.nonRetryable('It was sealed by an earlier run of the session.', 'pod_gone');
      }
      const first = context.state.endsAtMs === 0;
      context.update(
        {
          pod: ready,
          readyAtMs: nowMs,
          waitingFor: '',
          failures: 0,
          healing: false,
          idleDueMs: nowMs + idleTimeoutSeconds * 1000,
          lastCheck: null,
          ...(first && { endsAtMs: nowMs + maxLifetimeSeconds * 1000 }),
        },
        { to: 'Ready', incarnation: pod.incarnation },
      );
      return;
    }
    context.update({ waitingFor: seen.reason });
    if (Date.now() >= untilMs) throw ApplicationFailure.nonRetryable(seen.reason, 'unschedulable');
  }
}

function failSession(context: SessionContext, error: ActivityFailure | ApplicationFailure): void {
  const cause = error instanceof ActivityFailure ? error.cause : error;
  const code =
    cause instanceof ApplicationFailure ? (cause.type ?? 'orchestrator_unavailable') : 'orchestrator_unavailable';
  const { incarnation } = context.state.standing;
  // Evicted, or deleted by somebody, before it was ready: that says nothing about the next one.
  if (code === 'pod_gone') {
    context.update({ waitingFor: '' }, { to: 'Lost', incarnation });
    return;
  }
  const failures = context.state.failures + 1;
  const failure = { code, detail: cause?.message ?? error.message, untilMs: Date.now() + failureMs(failures) };
  context.update({ failures, failure, waitingFor: '' }, { to: 'Failed', incarnation });
}
