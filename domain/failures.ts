/**
 * Every failure Podkeeper raises on purpose. Activities throw it as an ApplicationFailure whose type is the code, HTTP
 * answers carry it as `code`, the CLI prints its meaning. Anything else that surfaces is a bug.
 */
export interface FailureDefinition {
  /** Whether trying the same thing again can help. */
  readonly retryable: boolean;
  readonly httpStatus: number;
  readonly meaning: string;
}

export const failures = {
  classification_failed: {
    retryable: false,
    httpStatus: 422,
    meaning: 'A batch of pod changes could not be classified; the run keeps its input.',
  },
  invalid_scope: {
    retryable: false,
    httpStatus: 422,
    meaning: 'The scope of a watch is not valid; the message names the field.',
  },
  stale_revision: {
    retryable: false,
    httpStatus: 409,
    meaning: 'A newer configuration of this watch is already in force.',
  },
  foreign_cluster: {
    retryable: true,
    httpStatus: 503,
    meaning: 'The work is for another cluster: give each cluster a Temporal namespace of its own.',
  },
  kubernetes_unavailable: {
    retryable: true,
    httpStatus: 503,
    meaning: 'The Kubernetes API server did not answer.',
  },
  rule_failed: {
    retryable: false,
    httpStatus: 422,
    meaning: 'A user rule could not be applied to this pod; the message names the rule and why.',
  },
  invalid_request: {
    retryable: false,
    httpStatus: 400,
    meaning: 'The request is not valid; `errors` names each place.',
  },
  invalid_event: {
    retryable: false,
    httpStatus: 422,
    meaning: 'The pod event is not valid; `errors` names each place.',
  },
  invalid_input: {
    retryable: false,
    httpStatus: 422,
    meaning: 'The input of the workflow is not valid; `errors` names each place.',
  },
  unauthenticated: {
    retryable: false,
    httpStatus: 401,
    meaning: 'The bearer token is missing, expired or not accepted. "podkeeper token" mints one for local use.',
  },
  forbidden: { retryable: false, httpStatus: 403, meaning: 'The token lacks the scope this request needs.' },
  not_found: { retryable: false, httpStatus: 404, meaning: 'There is nothing at this address.' },
  method_not_allowed: { retryable: false, httpStatus: 405, meaning: 'This address does not take this method.' },
  already_exists: {
    retryable: false,
    httpStatus: 409,
    meaning: 'There is a run with this id already, started by another request.',
  },
  body_too_large: { retryable: false, httpStatus: 413, meaning: 'The request is bigger than what one may be.' },
  headers_too_large: {
    retryable: false,
    httpStatus: 431,
    meaning: 'The address and the headers of the request are bigger than what they may be.',
  },
  request_timeout: { retryable: true, httpStatus: 408, meaning: 'The request did not arrive whole in time.' },
  unsupported_media_type: {
    retryable: false,
    httpStatus: 415,
    meaning: 'Send JSON with Content-Type: application/json.',
  },
  idempotency_conflict: {
    retryable: false,
    httpStatus: 422,
    meaning: 'The Idempotency-Key was used with another request body. Use a new key for a new request.',
  },
  rate_limited: { retryable: true, httpStatus: 429, meaning: 'Too many requests of this caller.' },
  dispatch_full: {
    retryable: true,
    httpStatus: 429,
    meaning: 'Too many pod events wait for Temporal; none of this request was taken.',
  },
  internal_error: { retryable: true, httpStatus: 500, meaning: 'A bug; the log has it under the requestId.' },
  temporal_unavailable: { retryable: true, httpStatus: 503, meaning: 'Temporal did not answer.' },
  no_worker: {
    retryable: true,
    httpStatus: 503,
    meaning: 'No pod worker answered for this run in time. Start one: npm run worker:pods.',
  },
  shutting_down: {
    retryable: true,
    httpStatus: 503,
    meaning: 'This process is stopping; ask again, another one answers.',
  },
  session_ending: { retryable: true, httpStatus: 409, meaning: 'The session is being ended.' },
  session_deleted: { retryable: true, httpStatus: 409, meaning: 'The session was ended while the request waited.' },
  class_mismatch: { retryable: false, httpStatus: 409, meaning: 'The session exists with another class.' },
  redis_unavailable: { retryable: true, httpStatus: 503, meaning: 'Redis did not answer.' },
  unschedulable: {
    retryable: true,
    httpStatus: 503,
    meaning: 'No pod of the session became ready in time; the message says what it waited for.',
  },
  image_error: {
    retryable: false,
    httpStatus: 502,
    meaning: "The image of the session's class can't be pulled; the message says why.",
  },
  start_crash: {
    retryable: false,
    httpStatus: 502,
    meaning: 'The pod of the session ended, or could not be started, before it was ready; the message says why.',
  },
  invalid_session_id: {
    retryable: false,
    httpStatus: 400,
    meaning: 'The session id in the path is not one: 1 to 128 of A-Z a-z 0-9 . _ ~ -, not beginning with a dot.',
  },
  tenant_limit: { retryable: true, httpStatus: 429, meaning: 'The tenant has as many sessions as it may have.' },
  cluster_limit: { retryable: true, httpStatus: 429, meaning: 'There are as many sessions as there may be.' },
  too_many_waiters: {
    retryable: true,
    httpStatus: 429,
    meaning: 'Too many requests wait for sessions to start.',
  },
  starting: {
    retryable: true,
    httpStatus: 503,
    meaning: 'The pod of the session is still starting; its creation goes on, ask again.',
  },
  admission_rebuilding: {
    retryable: true,
    httpStatus: 503,
    meaning: 'Redis was emptied; no session starts until those that run are counted again.',
  },
  admission_unavailable: {
    retryable: true,
    httpStatus: 503,
    meaning: 'Redis does not answer, so no session can start; those that run are served.',
  },
  orchestrator_unavailable: {
    retryable: true,
    httpStatus: 503,
    meaning: 'Temporal or the session workers do not answer, so no session can start; those that run are served.',
  },
  connect_failed: {
    retryable: true,
    httpStatus: 502,
    meaning: 'The pod of the session could not be connected to; nothing of the request was sent.',
  },
  wrong_pod: {
    retryable: true,
    httpStatus: 502,
    meaning: "What answered at the pod's address is not the session's pod; nothing of the request was sent.",
  },
  first_byte_timeout: {
    retryable: false,
    httpStatus: 504,
    meaning: 'The pod of the session took the request and did not begin to answer in time.',
  },
  idle_timeout: {
    retryable: false,
    httpStatus: 504,
    meaning: 'The answer of the pod went on for too long without a byte and was cut.',
  },
  pod_gone: { retryable: true, httpStatus: 502, meaning: 'The pod of the session is gone.' },
  pod_refused: {
    retryable: false,
    httpStatus: 502,
    meaning: 'The Kubernetes API server refused the pod of the session; the message has its words.',
  },
  pod_name_taken: {
    retryable: true,
    httpStatus: 503,
    meaning: "A pod that is not Podkeeper's had the name of the session's pod; it is being removed.",
  },
} as const satisfies Record<string, FailureDefinition>;

export type FailureCode = keyof typeof failures;
