import type { KeepReason } from '../idle/idle-decision.ts';
import { type DrainReason, newSession, type SessionStanding } from './session-state.ts';

/** A session's pod as its run knows it. */
export interface SessionPodRef {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly incarnation: number;
  /** Empty until it is ready. */
  readonly address: string;
  readonly node: string;
  /** Of the signing key that the pod's own key is made of. */
  readonly kid: string;
}

/** Why a session can't be served; its run answers so until `untilMs`. */
export interface SessionFailure {
  readonly code: string;
  readonly detail: string;
  readonly untilMs: number;
}

/** The last time Redis was asked whether the session is idle. */
export interface IdleCheck {
  readonly atMs: number;
  readonly keep: KeepReason | null;
  readonly sinceActivityMs: number;
}

/** Everything the run of one session knows; replaced as a whole. Times in milliseconds since 1970, of the workflow's clock. */
export interface SessionState {
  readonly standing: SessionStanding;
  /** Of all incarnations ever seen. */
  readonly highestIncarnation: number;
  readonly pod: SessionPodRef | null;
  /** When the first request came. */
  readonly sinceMs: number;
  /** When the request that the present pod was made for came, and when that was ready. */
  readonly wantedAtMs: number;
  readonly readyAtMs: number | null;
  /** Its pod died, and the next one is wanted without anyone asking. */
  readonly healing: boolean;
  /** What the present pod was made for: a first request, or the place of one that died; or it was there already. */
  readonly startedAs: 'existing' | 'cold' | 'healed';
  readonly heals: number;
  /** Failures in a row. */
  readonly failures: number;
  readonly failure: SessionFailure | null;
  /** Why a start takes time. */
  readonly waitingFor: string;
  readonly idleDueMs: number;
  readonly endsAtMs: number;
  /** Asked for by extend; 0 when nobody did. */
  readonly keptUntilMs: number;
  readonly lastCheck: IdleCheck | null;
  /** A pod that was deleted and whose end its node did not confirm. */
  readonly unconfirmed: Pick<SessionPodRef, 'namespace' | 'name' | 'node'> | null;
}

export function newSessionLife(nowMs: number): SessionState {
  return {
    standing: newSession,
    highestIncarnation: 0,
    pod: null,
    sinceMs: nowMs,
    wantedAtMs: nowMs,
    readyAtMs: null,
    healing: false,
    startedAs: 'cold',
    heals: 0,
    failures: 0,
    failure: null,
    waitingFor: '',
    idleDueMs: 0,
    endsAtMs: 0,
    keptUntilMs: 0,
    lastCheck: null,
    unconfirmed: null,
  };
}

/**
 * When a session had been idle for its whole time-out, by the last look: null when that did not find it idle. What was asked
 * for by extend puts it off.
 */
export function idleSinceMs(
  { lastCheck, keptUntilMs }: Pick<SessionState, 'lastCheck' | 'keptUntilMs'>,
  idleTimeoutMs: number,
): number | null {
  if (lastCheck === null || lastCheck.keep !== null) return null;
  return Math.max(lastCheck.atMs - (lastCheck.sinceActivityMs - idleTimeoutMs), keptUntilMs);
}

/** The clocks of Redis and of the workflow may differ, but not move apart: a jump proves nothing about idleness. */
const clockSkewMs = 5000;

/**
 * Whether more time without activity was told than has passed since the last time somebody looked; before the first look,
 * since the pod was ready. Only of a pod that was there before its run it is not known since when it is active.
 */
export function clocksMovedApart(
  { lastCheck, readyAtMs, startedAs }: Pick<SessionState, 'lastCheck' | 'readyAtMs' | 'startedAs'>,
  now: Omit<IdleCheck, 'keep'>,
): boolean {
  const began = readyAtMs === null || startedAs === 'existing' ? null : { atMs: readyAtMs, sinceActivityMs: 0 };
  const last = lastCheck ?? began;
  if (last === null) return false;
  return now.sinceActivityMs > last.sinceActivityMs + (now.atMs - last.atMs) + clockSkewMs;
}

const firstFailureMs = 30_000;
const longestFailureMs = 300_000;

/** How long a run answers the same reason before a start is tried again: 30 s, doubled each time in a row, at most 300 s. */
export function failureMs(failuresInRow: number): number {
  return Math.min(longestFailureMs, firstFailureMs * 2 ** Math.max(0, failuresInRow - 1));
}

/** A pod that died this soon after it was ready counts towards the limit; one that served longer starts anew. */
const steadyMs = 60_000;
const healLimit = 3;

/** Whether a lost pod may be replaced, and the count of replacements it makes. */
export function planHeal(
  state: Pick<SessionState, 'heals' | 'readyAtMs'>,
  nowMs: number,
): { readonly heals: number; readonly allowed: boolean } {
  const steady = state.readyAtMs !== null && nowMs - state.readyAtMs >= steadyMs;
  const heals = (steady ? 0 : state.heals) + 1;
  return { heals, allowed: heals <= healLimit };
}

const whyKept: Readonly<Record<KeepReason, string>> = {
  'request-in-flight': 'a request is in flight',
  'recent-activity': 'its last request is not long enough ago',
  'record-was-missing': 'its record was missing in Redis, so the time-out began anew',
  'redis-restarted': 'Redis has just started and may lack requests in flight',
  'gateway-silent': 'a gateway that may hold requests in flight does not answer',
  superseded: 'a newer pod serves it',
};

const whyEnding: Readonly<Record<DrainReason, string>> = {
  idle: 'it was idle',
  terminate: 'somebody ended it',
  'max-lifetime': 'its longest life is over',
};

/** Why a session is still alive, or is not, in a sentence for people. */
export function whyAlive(
  { standing, lastCheck, failure, waitingFor, keptUntilMs }: SessionState,
  nowMs: number,
): string {
  switch (standing.phase) {
    case 'Starting':
      return `Its pod starts${waitingFor === '' ? '' : `: ${waitingFor}`}.`;
    case 'Ready':
      if (keptUntilMs > nowMs) return `Somebody asked to keep it until ${new Date(keptUntilMs).toISOString()}.`;
      if (lastCheck?.keep == null) return 'It has just become ready.';
      return `At the last look, ${whyKept[lastCheck.keep]}.`;
    case 'Draining':
    case 'Deleting':
      return `It ends: ${whyEnding[standing.drain ?? 'terminate']}.`;
    case 'Lost':
      return 'Its pod died and is being replaced.';
    case 'Failed':
      return `It can't be served: ${failure?.detail ?? 'unknown reason'}`;
    case 'Gone':
      return 'It has no pod.';
  }
}
