/** One request to the session, as its client saw it. */
export interface SeenAnswer {
  /** How the pod came about: `existing`, `cold`, `healed`. */
  readonly start: string;
  readonly incarnation: number;
  /** How many requests this pod has answered. */
  readonly count: number;
  readonly seconds: number;
}

/** A pod of the session, as a watch of the demo's own showed it. Times in milliseconds since 1970. */
export interface SeenSessionPod {
  readonly name: string;
  readonly incarnation: number;
  readonly createdMs: number;
  readonly goneMs: number | null;
}

/** What was seen of the session so far; the check is made from it. */
export interface SessionRecord {
  readonly startedMs: number;
  readonly answers: readonly SeenAnswer[];
  readonly pods: readonly SeenSessionPod[];
  /** The pod that the demo killed. */
  readonly killed: string | null;
  readonly why: string;
  /** When the last answer was whole. */
  readonly lastAnswerMs: number | null;
  readonly run: { readonly url: string; readonly endedBy: string; readonly heals: number } | null;
}

export function nothingSeen(startedMs: number): SessionRecord {
  return { startedMs, answers: [], pods: [], killed: null, why: '', lastAnswerMs: null, run: null };
}
