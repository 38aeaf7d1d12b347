/** Why a session is ended. Only an idle one can be called back. */
export type DrainReason = 'idle' | 'terminate' | 'max-lifetime';

/** Where a session stands. */
export const sessionPhases = ['Starting', 'Ready', 'Lost', 'Draining', 'Deleting', 'Gone', 'Failed'] as const;
export type SessionPhase = (typeof sessionPhases)[number];

export interface SessionStanding {
  readonly phase: SessionPhase;
  /** Of the pod the phase is about; 0 before the first. */
  readonly incarnation: number;
  /** Set while Draining and Deleting. */
  readonly drain: DrainReason | null;
}

/** A step; what it is about is an incarnation, and one of an older pod changes nothing. */
export interface SessionMove {
  readonly to: SessionPhase;
  readonly incarnation: number;
  readonly drain?: DrainReason;
}

/** From where to where; `Draining` and `Deleting` have further conditions. */
const moves: Readonly<Record<SessionPhase, readonly SessionPhase[]>> = {
  Starting: ['Ready', 'Lost', 'Failed', 'Draining', 'Deleting'],
  Ready: ['Lost', 'Draining'],
  Lost: ['Starting', 'Failed', 'Gone'],
  Draining: ['Ready', 'Deleting', 'Lost'],
  Deleting: ['Ready', 'Gone'],
  Gone: ['Starting'],
  Failed: ['Starting', 'Gone'],
};

export const newSession: SessionStanding = { phase: 'Gone', incarnation: 0, drain: null };

/**
 * The session after a move, or undefined when the table does not allow it: a step of an older incarnation, a call back
 * from an end that is not for idleness, a new incarnation anywhere but at the start.
 */
export function moveSession(from: SessionStanding, move: SessionMove): SessionStanding | undefined {
  if (!moves[from.phase].includes(move.to)) return undefined;
  if (move.to === 'Starting') {
    return move.incarnation > from.incarnation
      ? { phase: 'Starting', incarnation: move.incarnation, drain: null }
      : undefined;
  }
  if (move.incarnation !== from.incarnation) return undefined;
  const { incarnation } = from;
  switch (move.to) {
    case 'Draining':
      return move.drain === undefined ? undefined : { phase: 'Draining', incarnation, drain: move.drain };
    case 'Deleting':
      return { phase: 'Deleting', incarnation, drain: from.drain ?? move.drain ?? 'terminate' };
    case 'Ready':
      // Requests bring an idle session back until it is sealed; what was asked to end ends.
      return from.drain === null || from.drain === 'idle' ? { phase: 'Ready', incarnation, drain: null } : undefined;
    default:
      return { phase: move.to, incarnation, drain: null };
  }
}

/** Whether the pod of this session takes requests. */
export function takesRequests({ phase, drain }: SessionStanding): boolean {
  return phase === 'Ready' || (phase === 'Draining' && drain === 'idle');
}
