import type {
  EnsureReadyAnswer,
  EnsureReadyRequest,
  SessionStatus,
  TerminateAnswer,
} from '../../../workflows/session.messages.ts';
import type { SessionTarget } from '../session/session-target.ts';

/** One session in a list. */
export interface SessionRow {
  readonly key: string;
  readonly sessionId: string;
  readonly class: string;
  /** Of the last upsert: Starting, Ready, Failed or Deleting. */
  readonly state: string;
  readonly tenant: string;
  readonly since: string;
  readonly pod: string | null;
}

export interface TerminateOptions {
  readonly force: boolean;
  /** Given when a pod of the session is known: a run that somebody terminated is started again, to remove it. */
  readonly target?: SessionTarget;
}

/** The runs of sessions as the gateway reaches them; every failure is thrown as a Problem. */
export interface SessionRuns {
  /** Update-with-start, a fresh update id for each call. `taken` is called when a run has taken it, before it answers. */
  ensureReady(target: SessionTarget, request: EnsureReadyRequest, taken?: () => void): Promise<EnsureReadyAnswer>;
  /** Ends a session; one without a run is `existed: false`, and nothing is started for it. */
  terminate(key: string, options: TerminateOptions): Promise<TerminateAnswer>;
  /** Throws not_found without a run. */
  extend(key: string, seconds: number): Promise<{ readonly keptUntil: string }>;
  /** Null without an open run, and when the session is gone already. */
  status(key: string): Promise<SessionStatus | null>;
  /** Open runs; of one caller when `ownerHash` is given. `cursor` as answered before. */
  list(query: {
    readonly ownerHash?: string;
    readonly limit: number;
    readonly cursor?: string;
  }): Promise<{ readonly sessions: readonly SessionRow[]; readonly cursor: string | null }>;
}
