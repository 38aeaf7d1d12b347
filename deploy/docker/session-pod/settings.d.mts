export interface SessionPodSettings {
  readonly host: string | undefined;
  readonly port: number;
  readonly sessionId: string;
  readonly stateFile: string | null;
  readonly tests: boolean;
  readonly podKey: string | null;
  readonly podUid: string | null;
  readonly sessionKey: string | null;
  readonly incarnation: number | null;
  /** What POST /exit does, for tests. */
  readonly exit: (code: number) => void;
}

/** Throws an Error that names the variable, never its value. */
export function readSettings(env: Readonly<Record<string, string | undefined>>): SessionPodSettings;
