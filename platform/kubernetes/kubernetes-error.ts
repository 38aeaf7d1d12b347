export interface KubernetesErrorInput {
  readonly verb: string;
  readonly resource: string;
  /** HTTP status (or `code` of an ERROR event of a watch); `null` when there was no whole answer. */
  readonly status: number | null;
  /** `reason` of the Status object, else the transport's error code: `Expired`, `ECONNRESET`. */
  readonly reason: string;
  readonly detail: string;
  readonly retryAfterSeconds?: number | null;
  readonly cause?: unknown;
}

/** Everything that can go wrong between us and the API server, answered or not. */
export class KubernetesError extends Error {
  override readonly name = 'KubernetesError';
  readonly verb: string;
  readonly resource: string;
  readonly status: number | null;
  readonly reason: string;
  readonly retryAfterSeconds: number | null;

  constructor({ verb, resource, status, reason, detail, retryAfterSeconds = null, cause }: KubernetesErrorInput) {
    const what = status === null ? reason : `${status} ${reason}`;
    super(`${verb} ${resource}: ${what}: ${detail}`, cause === undefined ? undefined : { cause });
    this.verb = verb;
    this.resource = resource;
    this.status = status;
    this.reason = reason;
    this.retryAfterSeconds = retryAfterSeconds;
  }

  /** What `k8s_api_errors_total` counts it as: the HTTP status, or the transport's error code. */
  get code(): string {
    return this.status === null ? this.reason : String(this.status);
  }
}
