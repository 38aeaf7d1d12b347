import { condition } from '@temporalio/workflow';
import { clocksMovedApart, planHeal } from '../../domain/sessions/state/session-life.ts';
import { attempt, patient, quick, type SessionContext } from './session-context.ts';

/** What could not be asked is asked again after this long; until then nothing is ended. */
const retryMs = 5000;

/** Serves until there is something to decide, and decides it. Leaves the session Ready, Draining or Lost. */
export async function serveSession(context: SessionContext): Promise<void> {
  const { wishes } = context;
  const { idleDueMs, endsAtMs, keptUntilMs, standing } = context.state;
  const { incarnation } = standing;
  const isDoubted = (): boolean => wishes.suspect !== null || wishes.podGone !== null || wishes.unpublished !== null;
  // Asked to be kept meanwhile, it is looked at too early once: then nothing is due.
  const waitMs = Math.min(Math.max(idleDueMs, keptUntilMs), endsAtMs) - Date.now();
  if (waitMs > 0) await condition(() => wishes.end !== null || isDoubted(), waitMs);
  if (wishes.end !== null) context.update({}, { to: 'Draining', incarnation, drain: 'terminate' });
  else if (wishes.unpublished !== null) await publishAgain(context);
  else if (isDoubted()) await lookAtPod(context);
  else if (Date.now() >= endsAtMs) context.update({}, { to: 'Draining', incarnation, drain: 'max-lifetime' });
  else if (Date.now() >= Math.max(context.state.idleDueMs, context.state.keptUntilMs)) await askWhetherIdle(context);
}

/** Redis was emptied: no gateway can send to the pod before it is known there again. */
async function publishAgain(context: SessionContext): Promise<void> {
  const { ref, wishes } = context;
  const pod = context.pod();
  // What could not be published is asked for again, by who waits for it.
  if (wishes.unpublished === pod.incarnation)
    await attempt(quick.publishSession({ ...ref, pod, start: 'existing', startMs: 0 }));
  wishes.unpublished = null;
}

/** Somebody could not reach the pod, or saw it go: asks the API server, and after a suspicion the pod itself. */
async function lookAtPod(context: SessionContext): Promise<void> {
  const { input, ref, wishes } = context;
  const pod = context.pod();
  const { port, probePath, identity } = input.class;
  const suspected = wishes.suspect === pod.incarnation;
  const doubted = suspected || wishes.podGone === pod.uid;
  wishes.podGone = null;
  if (!doubted) {
    wishes.suspect = null;
    return;
  }
  const probe = suspected ? { probe: { port, path: probePath, identity, key: ref.key } } : {};
  const seen = await attempt(quick.isPodAlive({ cluster: ref.cluster, pod, ...probe }));
  wishes.suspect = null;
  if ('problem' in seen || seen.value) return;
  context.update({}, { to: 'Lost', incarnation: pod.incarnation });
}

async function askWhetherIdle(context: SessionContext): Promise<void> {
  const { input, ref, runId } = context;
  const { idleTimeoutSeconds, busyPath, port, identity } = input.class;
  const pod = context.pod();
  const again = (afterMs: number): void => context.update({ idleDueMs: Date.now() + afterMs });
  // Nothing is ended on the word of a cache: first the API server must say what there is to end.
  const alive = await attempt(quick.isPodAlive({ cluster: ref.cluster, pod }));
  if ('problem' in alive) {
    again(retryMs);
    return;
  }
  if (!alive.value) {
    context.update({}, { to: 'Lost', incarnation: pod.incarnation });
    return;
  }
  const idle = await attempt(quick.decideIdle({ ...ref, pod, idleTimeoutMs: idleTimeoutSeconds * 1000, runId }));
  if ('problem' in idle) {
    again(retryMs);
    return;
  }
  const check = { ...idle.value, atMs: Date.now() };
  const jumped = clocksMovedApart(context.state, check);
  context.update({ lastCheck: check });
  if (check.keep !== null) {
    again(Math.max(1, check.remainingMs));
    return;
  }
  const { incarnation } = pod;
  context.update({}, { to: 'Draining', incarnation, drain: 'idle' });
  // Somebody who asked meanwhile to keep it was told that it is kept.
  const keeps = jumped || context.state.keptUntilMs > Date.now();
  const busy =
    !keeps && busyPath !== null
      ? await attempt(quick.isBusy({ cluster: ref.cluster, key: ref.key, pod, port, path: busyPath, identity }))
      : { value: false };
  if (!keeps && !('value' in busy && busy.value)) return;
  if (await callBack(context)) again(idleTimeoutSeconds * 1000);
}

/**
 * Makes an idle session that is draining ready again; false when it is too late, or Redis can't be asked. One that nobody
 * asked for is looked at again after `idleAgainMs`.
 */
export async function callBack(context: SessionContext, idleAgainMs?: number): Promise<boolean> {
  const { incarnation } = context.state.standing;
  const idle = idleAgainMs === undefined ? {} : { idle: true };
  const called = await attempt(quick.callBack({ ...context.ref, incarnation, ...idle }));
  if ('problem' in called || !called.value) return false;
  const idleDueMs = Date.now() + (idleAgainMs ?? context.input.class.idleTimeoutSeconds * 1000);
  context.update({ idleDueMs, lastCheck: null }, { to: 'Ready', incarnation });
  return true;
}

/**
 * After a pod died: what is left of it is closed to requests and deleted, then the session is Gone and is started again at
 * once, or Failed when that happens too often.
 */
export async function replacePod(context: SessionContext): Promise<void> {
  const { input, ref } = context;
  const { incarnation } = context.state.standing;
  // It may only seem dead, as one that answers no probes. Before the next one can be ready, no request may go to it.
  await attempt(quick.sealSession({ ...ref, incarnation, forIdleness: false }));
  const { namespace } = context.state.pod ?? input;
  await patient.deleteSessionPod({ ...ref, incarnation, namespace, reason: 'lost', wait: false });
  const { heals, allowed } = planHeal(context.state, Date.now());
  if (allowed) {
    const wasReady = context.state.readyAtMs !== null;
    const lost = { heals, healing: true, pod: null, ...(wasReady && { wantedAtMs: Date.now() }) };
    context.update(lost, { to: 'Gone', incarnation });
    return;
  }
  const failure = {
    code: 'pod_gone',
    detail: `Its pod died ${heals} times in a row before it had served for a minute.`,
    untilMs: 0,
  };
  context.update({ heals, failures: heals, failure, pod: null }, { to: 'Failed', incarnation });
}
