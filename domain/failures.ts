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
} as const satisfies Record<string, FailureDefinition>;

export type FailureCode = keyof typeof failures;
