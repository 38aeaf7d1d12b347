import { ActivityFailure, isCancellation, proxyActivities, rootCause, workflowInfo } from '@temporalio/workflow';
import type { SessionActivities, SessionRef } from '../../activities/sessions/session-activities.ts';
import type { SessionPodRef, SessionState } from '../../domain/sessions/state/session-life.ts';
import { moveSession, type SessionMove } from '../../domain/sessions/state/session-state.ts';
import type { SessionInput } from '../session.messages.ts';

/** What people want of a session; set by handlers, worked off by the one loop. */
export interface SessionWishes {
  /** Requests that wait for a pod. */
  waiting: number;
  /** The incarnation that a gateway could not reach. */
  suspect: number | null;
  podGone: string | null;
  /** The incarnation that Redis knows nothing of. */
  unpublished: number | null;
  /** `force`: without waiting for requests in flight. */
  end: { force: boolean } | null;
}

/** The run of one session: its input, its state, what is wanted, and the moves. */
export interface SessionContext {
  readonly input: SessionInput;
  readonly ref: SessionRef;
  readonly runId: string;
  state: SessionState;
  /** How often a pod that was starting was given up because somebody ended the session. */
  cancelledStarts: number;
  /** How often it was seen to be without a pod, and none was left behind; 0 before the first look. */
  timesGone: number;
  /** It has looked for pods that an earlier run may have left. */
  looked: boolean;
  readonly wishes: SessionWishes;
  /** Changes parts of the state and makes a move, if one is given. A move that is not allowed is a bug. */
  update(parts: Partial<SessionState>, move?: SessionMove): void;
  /** The pod of the present incarnation; throws when there is none, which is a bug. */
  pod(): SessionPodRef;
}

export function createSessionContext(input: SessionInput, state: SessionState, changed: () => void): SessionContext {
  const { cluster, key, tenantHash } = input;
  const context: SessionContext = {
    input,
    ref: { cluster, key, tenantHash },
    runId: workflowInfo().firstExecutionRunId,
    state,
    cancelledStarts: 0,
    timesGone: 0,
    looked: input.carried !== undefined,
    wishes: { waiting: 0, suspect: null, podGone: null, unpublished: null, end: null },
    update(parts, move) {
      const { standing } = context.state;
      const moved = move === undefined ? standing : moveSession(standing, move);
      if (moved === undefined) throw new Error(`a session that is ${standing.phase} can't become ${move?.to ?? ''}`);
      context.state = { ...context.state, ...parts, standing: moved };
      changed();
    },
    pod() {
      if (context.state.pod === null) throw new Error('there is no pod');
      return context.state.pod;
    },
  };
  return context;
}

/** Short work: a few quick tries, because somebody waits. */
export const quick = proxyActivities<SessionActivities>({
  startToCloseTimeout: '10s',
  scheduleToCloseTimeout: '20s',
  retry: { initialInterval: '200ms', backoffCoefficient: 2, maximumInterval: '2s' },
});

/** Work that has to be done, however long the API server or Redis is away. */
export const patient = proxyActivities<SessionActivities>({
  startToCloseTimeout: '60s',
  heartbeatTimeout: '15s',
  retry: { initialInterval: '500ms', backoffCoefficient: 2, maximumInterval: '10s' },
});

/** The result, or what stood in its way after all tries. A cancellation is neither. */
export async function attempt<T>(work: Promise<T>): Promise<{ readonly value: T } | { readonly problem: string }> {
  try {
    return { value: await work };
  } catch (error) {
    if (!(error instanceof ActivityFailure) || isCancellation(error)) throw error;
    return { problem: rootCause(error) ?? 'unknown reason' };
  }
}
