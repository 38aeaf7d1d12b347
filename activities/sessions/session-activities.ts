import type { KeepReason } from '../../domain/sessions/idle/idle-decision.ts';
import type { SessionClass } from '../../domain/sessions/session-class.ts';
import type { DrainReason } from '../../domain/sessions/state/session-state.ts';
import type { SessionPodRef } from '../../domain/sessions/state/session-life.ts';

/** A session as its activities need it. */
export interface SessionRef {
  readonly cluster: string;
  readonly key: string;
  readonly tenantHash: string;
}

export interface DiscoverSessionInput extends SessionRef {
  readonly namespaces: readonly string[];
}

export interface DiscoveredSession {
  /** The highest pod that is alive and proved to be ours; leftovers of it are deleted. */
  readonly pod: SessionPodRef | null;
  readonly highestIncarnation: number;
}

export interface CreateSessionPodInput extends SessionRef {
  readonly sessionId: string;
  /** Of tenant and owner together. */
  readonly ownerHash: string;
  /** The tenant's name; empty when there is one. */
  readonly tenant: string;
  readonly namespace: string;
  readonly incarnation: number;
  readonly class: SessionClass;
  /** Of the session's run: the slot is confirmed for it right before. */
  readonly runId: string;
}

export interface FollowStartInput {
  readonly cluster: string;
  readonly pod: SessionPodRef;
  readonly port: number;
  readonly probePath: string;
  /** Answers `waiting` after this long at the latest. */
  readonly waitMs: number;
}

export type StartSeen =
  | { readonly state: 'ready'; readonly address: string; readonly node: string }
  | { readonly state: 'waiting'; readonly reason: string }
  /** It will not become ready. */
  | { readonly state: 'failed'; readonly code: 'image_error' | 'start_crash' | 'pod_gone'; readonly detail: string };

export interface IdleQuestion extends SessionRef {
  readonly pod: SessionPodRef;
  readonly idleTimeoutMs: number;
  readonly runId: string;
}

/** `keep` null: idle, and set draining. Durations by Redis' clock. */
export interface IdleSeen {
  readonly keep: KeepReason | null;
  readonly remainingMs: number;
  readonly sinceActivityMs: number;
}

export interface IncarnationRef extends SessionRef {
  readonly incarnation: number;
}

/** `failed`: it did not become ready. `lost`: it died. `leftover`: another pod serves the session, or none may. */
export type DeletionReason = DrainReason | 'failed' | 'lost' | 'leftover';

export interface DeletePodInput extends IncarnationRef {
  readonly namespace: string;
  readonly reason: DeletionReason;
  /** Left out, the pod's own. */
  readonly graceSeconds?: number;
  /** False: returns once the API server has taken the deletion. */
  readonly wait?: boolean;
  /** When the session had been idle for long enough; for the metric of how late it is. */
  readonly idleSinceMs?: number;
}

export interface PublishInput extends SessionRef {
  readonly pod: SessionPodRef;
  readonly start: 'existing' | 'cold' | 'healed';
  /** From the first request for the pod until it was ready. */
  readonly startMs: number;
}

export interface BusyQuestion extends Pick<SessionRef, 'cluster' | 'key'> {
  readonly pod: SessionPodRef;
  readonly port: number;
  readonly path: string;
  readonly identity: SessionClass['identity'];
}

/** What a session's run does to the world. Each may be tried again; work for another cluster is refused. */
export interface SessionActivities {
  discoverSession(input: DiscoverSessionInput): Promise<DiscoveredSession>;
  createSessionPod(input: CreateSessionPodInput): Promise<SessionPodRef>;
  followStart(input: FollowStartInput): Promise<StartSeen>;
  /** Tells the gateways, through Redis, which pod serves the session. Refused: it was sealed, or a newer one serves. */
  publishSession(input: PublishInput): Promise<'in-force' | 'refused'>;
  /** Uncached; and after a suspicion three failed probes count as dead, too. Runs of older workers name no identity. */
  isPodAlive(input: {
    readonly cluster: string;
    readonly pod: SessionPodRef;
    readonly probe?: Pick<BusyQuestion, 'port' | 'path'> & Partial<Pick<BusyQuestion, 'identity' | 'key'>>;
  }): Promise<boolean>;
  decideIdle(input: IdleQuestion): Promise<IdleSeen>;
  isBusy(input: BusyQuestion): Promise<boolean>;
  /** False when it is too late. `idle`: nobody asked for it; it is as idle as before, but can't be ended now. */
  callBack(input: IncarnationRef & { readonly idle?: boolean }): Promise<boolean>;
  /** Waits until every gateway was heard of since the session began to drain; false when one was not, after 8 s. */
  hearGateways(input: IncarnationRef): Promise<boolean>;
  /** False when something speaks against the end of an idle session. */
  sealSession(input: IncarnationRef & { readonly forIdleness: boolean }): Promise<boolean>;
  /** For one that was ended: no request gets its pod from now on; whether one may be in flight. */
  hasLeases(input: IncarnationRef): Promise<boolean>;
  /** From now on whoever tidies up nodes may move the pod. */
  allowDisruption(input: { readonly cluster: string; readonly pod: SessionPodRef }): Promise<void>;
  /**
   * Removes the pod of that incarnation, whether or not it is known to be there. `gone` false: the API server has marked it,
   * but the pod's node did not confirm its end in time.
   */
  deleteSessionPod(input: DeletePodInput): Promise<{ readonly gone: boolean }>;
  releaseSlot(input: SessionRef & { readonly runId: string }): Promise<void>;
}
