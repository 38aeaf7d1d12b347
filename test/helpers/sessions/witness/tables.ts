/** One request as its client saw it. Times in ms since 1970, of the test's own clock. */
export interface ClientRequest {
  /** The gateway's, from its answer; the one that was sent when there was none. */
  readonly requestId: string;
  readonly gateway: number;
  /** Tenant, owner and id of the session as one text: whose session was asked for. */
  readonly session: string;
  /** The client's own id. */
  readonly sessionId: string;
  readonly method: string;
  /** Behind the session's id: `execute`, `proxy/slow?ms=5`; empty for the session itself. */
  readonly path: string;
  readonly beginMs: number;
  /** When its answer was over; null while it is in flight. */
  readonly endMs: number | null;
  /** Null without an answer: cut, or in flight. */
  readonly status: number | null;
  /** Of a problem document of the gateway. */
  readonly code: string | null;
  /** What the connection failed with. */
  readonly error: string | null;
  /** X-Podkeeper-Start. */
  readonly start: string | null;
  /** Who the answer says it came from; only bodies of the session pod's program say it. */
  readonly pod: AnsweringPod | null;
}

export interface AnsweringPod {
  readonly sessionKey: string | null;
  readonly incarnation: number | null;
  readonly podUid: string | null;
}

/** One change of a session pod as the API server told it to a watch of our own, in the order it told them. */
export interface PodChange {
  readonly seenMs: number;
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly uid: string;
  readonly name: string;
  readonly sessionKey: string;
  readonly incarnation: number;
  readonly tenantHash: string;
  /** The client's own id, from the annotation. */
  readonly sessionId: string;
  readonly phase: string;
  readonly address: string;
  /** The incarnation that was found ready; null before. */
  readonly ready: number | null;
  /**
   * When the deletion was asked for, of the API server's clock, cut to the second; null while it was not. The API server's
   * deletionTimestamp lies the grace period later.
   */
  readonly deletedMs: number | null;
}

/** One request as the pod itself logged it. */
export interface PodRequest {
  readonly requestId: string | null;
  readonly path: string | null;
  readonly sessionKey: string | null;
  readonly incarnation: number | null;
  readonly podUid: string | null;
  readonly beginMs: number;
  readonly endMs: number | null;
  readonly complete: boolean;
}

/** What was there at one moment. */
export interface RecordSample {
  readonly atMs: number;
  /** Keys of sessions with an open run. */
  readonly runs: readonly string[];
  /** Those among them whose run says that there is a pod. */
  readonly runsWithPod: readonly string[];
  /** Keys of sessions that have a pod which is neither over nor being deleted. */
  readonly pods: readonly string[];
}
