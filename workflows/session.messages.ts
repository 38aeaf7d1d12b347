import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { KeepReason } from '../domain/sessions/idle/idle-decision.ts';
import type { SessionClass } from '../domain/sessions/session-class.ts';
import type { SessionState } from '../domain/sessions/state/session-life.ts';
import type { DrainReason, SessionPhase } from '../domain/sessions/state/session-state.ts';

/** One run per session and life: from its first request to the removal of its pod. */
export const sessionType = 'session';

export interface SessionInput {
  readonly cluster: string;
  readonly key: string;
  /** The client's own id. */
  readonly sessionId: string;
  /** Shown to administrators in the Temporal UI; empty when there is one tenant. */
  readonly tenant: string;
  readonly tenantHash: string;
  /** Of tenant and owner together. */
  readonly ownerHash: string;
  readonly class: SessionClass;
  /** Where a new pod goes. */
  readonly namespace: string;
  /** Where pods of this session may be, from other numbers of shards too. */
  readonly namespaces: readonly string[];
  readonly podCreationTimeoutSeconds: number;
  readonly historyLimit?: number;
  /** Carried over by continue-as-new. */
  readonly carried?: SessionState;
}

export interface EnsureReadyRequest {
  /** Another class than the session's is refused; left out, any will do. */
  readonly class?: string;
  /** The caller could not connect to the pod of this incarnation: look whether it is still there. */
  readonly suspect?: number;
  /** Redis knows nothing of the pod of this incarnation (it was emptied): publish it again. */
  readonly unpublished?: number;
  /** How long the first of those who ask has waited: a pod that became ready meanwhile was made for them. */
  readonly waitedMs?: number;
}

/** `existing`: it was ready. `cold`: it was made for this. `healed`: it took the place of a pod that died. */
export type SessionStart = 'existing' | 'cold' | 'healed';

export type EnsureReadyAnswer =
  | {
      readonly state: 'ready';
      readonly incarnation: number;
      readonly podUid: string;
      readonly namespace: string;
      readonly podName: string;
      readonly address: string;
      readonly port: number;
      readonly class: string;
      /** Of the signing key that the pod's own key is made of. */
      readonly kid: string;
      readonly start: SessionStart;
      /** From the first request for it until it was ready. */
      readonly startMs: number;
    }
  /** Ask again; `reason` is why it takes time. */
  | { readonly state: 'starting'; readonly reason: string };

/** What a session's run returns. */
export interface SessionResult {
  readonly endedBy: DrainReason | 'failed' | 'absent';
  /** Of its last pod; 0 when there was none. */
  readonly incarnation: number;
  readonly heals: number;
}

/** Answers within 20 s. Fails with a code of domain/failures.ts when the session can't be served. */
export const ensureReadyUpdate = defineUpdate<EnsureReadyAnswer, [EnsureReadyRequest]>('ensureReady');

export interface TerminateRequest {
  /** Without waiting for requests in flight. */
  readonly force: boolean;
}

export interface TerminateAnswer {
  /** False when there was nothing to end. */
  readonly existed: boolean;
  readonly phase: SessionPhase;
  readonly gone: boolean;
}

/** Answers within 5 s: gone, or where it stands. */
export const terminateUpdate = defineUpdate<TerminateAnswer, [TerminateRequest]>('terminate');

export interface ExtendRequest {
  readonly seconds: number;
}

/** Keeps the session at least that long, its longest life permitting. RFC 3339. */
export const extendUpdate = defineUpdate<{ readonly keptUntil: string }, [ExtendRequest]>('extend');

/**
 * A pod without a run was found: the run that this starts looks for the session's pods, as every new run does. Answers
 * when it has looked.
 */
export const adoptUpdate = defineUpdate<{ readonly phase: SessionPhase }>('adopt');

/** Somebody saw the pod of this uid go. */
export const podGoneSignal = defineSignal<[{ readonly podUid: string }]>('podGone');

export interface SessionStatus {
  readonly key: string;
  readonly sessionId: string;
  readonly class: string;
  readonly phase: SessionPhase;
  readonly drain: DrainReason | null;
  readonly incarnation: number;
  readonly pod: {
    readonly namespace: string;
    readonly name: string;
    readonly uid: string;
    readonly address: string;
    /** Empty until it is ready. */
    readonly node: string;
  } | null;
  readonly since: string;
  /** When it is looked at next for being idle, and when its longest life ends; null before it is ready. */
  readonly idleCheckAt: string | null;
  readonly endsAt: string | null;
  /** Why it is still alive, in a sentence. */
  readonly why: string;
  readonly keep: KeepReason | null;
  /** As of the last look whether it is idle; null before the first. */
  readonly lastActivityAt: string | null;
  readonly heals: number;
  readonly failure: { readonly code: string; readonly detail: string } | null;
}

export const sessionStatusQuery = defineQuery<SessionStatus>('sessionStatus');
