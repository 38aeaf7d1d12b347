import { ApplicationFailure, CancellationScope, condition, setHandler } from '@temporalio/workflow';
import { type FailureCode, failures } from '../../domain/failures.ts';
import { type SessionPodRef, whyAlive } from '../../domain/sessions/state/session-life.ts';
import {
  adoptUpdate,
  type EnsureReadyAnswer,
  ensureReadyUpdate,
  extendUpdate,
  podGoneSignal,
  type SessionStatus,
  sessionStatusQuery,
  terminateUpdate,
} from '../session.messages.ts';
import type { SessionContext } from './session-context.ts';

/** A caller of a short call waits this long for an answer, and is then told how far it is. */
const ensureMs = 20_000;
const terminateMs = 5000;

/** Takes what people and gateways want of a session. Handlers only wish and wait; the one loop acts. */
export function takeSessionRequests(context: SessionContext): void {
  const { input, wishes } = context;

  /** Somebody could not reach it, or send to it; the loop looks first. */
  const isDoubted = ({ incarnation }: SessionPodRef): boolean =>
    wishes.suspect === incarnation || wishes.unpublished === incarnation;

  /** What can be said now; undefined while it has to be waited for. */
  const answerNow = (askedAtMs: number): EnsureReadyAnswer | undefined => {
    const { standing, pod, failure, startedAs, wantedAtMs } = context.state;
    if (standing.phase === 'Failed' && failure !== null) throw refusal(failure.code, failure.detail);
    if (standing.phase !== 'Ready' || pod === null || isDoubted(pod)) return undefined;
    const { incarnation, uid: podUid, namespace, name: podName, address, kid } = pod;
    const { name: className, port } = input.class;
    const readyAtMs = context.state.readyAtMs ?? 0;
    const startMs = readyAtMs - wantedAtMs;
    const start = readyAtMs < askedAtMs ? 'existing' : startedAs;
    const served = { incarnation, podUid, namespace, podName, address, port, class: className, kid };
    return { state: 'ready', ...served, start, startMs };
  };

  const isAnswered = (): boolean => {
    const { standing, pod } = context.state;
    return standing.phase === 'Failed' || (standing.phase === 'Ready' && pod !== null && !isDoubted(pod));
  };

  const refuseWhileEnding = (): void => {
    const { phase, drain } = context.state.standing;
    if (phase === 'Deleting' || (drain !== null && drain !== 'idle'))
      throw refusal('session_ending', failures.session_ending.meaning);
  };

  setHandler(
    ensureReadyUpdate,
    async (request) => {
      if (request.suspect !== undefined && request.suspect === context.state.pod?.incarnation)
        wishes.suspect = request.suspect;
      if (request.unpublished !== undefined && request.unpublished === context.state.pod?.incarnation)
        wishes.unpublished = request.unpublished;
      const askedAtMs = Date.now() - (request.waitedMs ?? 0);
      const ready = answerNow(askedAtMs);
      if (ready !== undefined) return ready;
      const before = context.cancelledStarts;
      wishes.waiting += 1;
      try {
        await waitFor(() => isAnswered() || context.cancelledStarts !== before, ensureMs);
        if (context.cancelledStarts !== before) throw refusal('session_deleted', failures.session_deleted.meaning);
        return answerNow(askedAtMs) ?? { state: 'starting', reason: context.state.waitingFor };
      } finally {
        wishes.waiting -= 1;
      }
    },
    {
      description: 'Answers which pod serves the session, making one when there is none.',
      validator: ({ class: name }) => {
        if (name === undefined || name === input.class.name) return;
        throw refusal('class_mismatch', `The session has the class "${input.class.name}", not "${name}".`);
      },
    },
  );

  setHandler(
    terminateUpdate,
    async ({ force }) => {
      wishes.end = { force: force || wishes.end?.force === true };
      const before = context.timesGone;
      const isGone = (): boolean => context.timesGone !== before;
      await waitFor(isGone, terminateMs);
      const { standing, highestIncarnation } = context.state;
      return { phase: standing.phase, gone: isGone(), existed: highestIncarnation > 0 };
    },
    { description: 'Ends the session.' },
  );

  setHandler(
    extendUpdate,
    async ({ seconds }) => {
      if (context.state.standing.phase === 'Draining') {
        // An idle one is called back, as by a request.
        wishes.waiting += 1;
        try {
          await condition(() => context.state.standing.phase !== 'Draining');
        } finally {
          wishes.waiting -= 1;
        }
        refuseWhileEnding();
      }
      const keptUntilMs = Math.min(
        Math.max(context.state.keptUntilMs, Date.now() + seconds * 1000),
        context.state.endsAtMs || Infinity,
      );
      context.update({ keptUntilMs });
      return { keptUntil: new Date(keptUntilMs).toISOString() };
    },
    {
      description: 'Keeps the session at least that long.',
      validator: ({ seconds }) => {
        if (!Number.isSafeInteger(seconds) || seconds < 1)
          throw refusal('invalid_request', 'seconds must be a whole number from 1 up.');
        refuseWhileEnding();
      },
    },
  );

  setHandler(
    adoptUpdate,
    async () => {
      await waitFor(() => context.looked);
      return { phase: context.state.standing.phase };
    },
    { description: "Looks for the session's pods, as each new run does." },
  );

  setHandler(podGoneSignal, ({ podUid }) => {
    wishes.podGone = podUid;
  });
  setHandler(sessionStatusQuery, () => statusOf(context));
}

/** Also in a run that is cancelled: it ends the session and answers everybody before it closes. */
async function waitFor(isSo: () => boolean, mostMs?: number): Promise<void> {
  await CancellationScope.nonCancellable(async () => {
    await (mostMs === undefined ? condition(isSo) : condition(isSo, mostMs));
  });
}

function statusOf({ input, state }: SessionContext): SessionStatus {
  const { standing, pod, failure, lastCheck, heals } = state;
  const time = (ms: number): string | null => (ms === 0 ? null : new Date(ms).toISOString());
  return {
    key: input.key,
    sessionId: input.sessionId,
    class: input.class.name,
    ...standing,
    pod:
      pod === null
        ? null
        : { namespace: pod.namespace, name: pod.name, uid: pod.uid, address: pod.address, node: pod.node },
    since: new Date(state.sinceMs).toISOString(),
    idleCheckAt: time(Math.max(state.idleDueMs, state.keptUntilMs)),
    endsAt: time(state.endsAtMs),
    why: whyAlive(state, Date.now()),
    keep: lastCheck?.keep ?? null,
    lastActivityAt: lastCheck === null ? null : time(lastCheck.atMs - lastCheck.sinceActivityMs),
    heals,
    failure: failure === null ? null : { code: failure.code, detail: failure.detail },
  };
}

function refusal(code: string, detail: string): ApplicationFailure {
  const retryable = code in failures && failures[code as FailureCode].retryable;
  return ApplicationFailure.create({ type: code, message: detail, nonRetryable: !retryable });
}
