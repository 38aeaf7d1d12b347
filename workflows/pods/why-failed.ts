import { ApplicationFailure, rootCause, type TemporalFailure } from '@temporalio/workflow';

/** Why a classification failed, and the user rule that made it fail, if one did. */
export function whyFailed(error: TemporalFailure): { readonly reason: string; readonly rule?: string } {
  const reason = rootCause(error) ?? 'unknown reason';
  // Of a local activity the failure comes as it is, not within an ActivityFailure.
  if (!(error instanceof ApplicationFailure) || error.type !== 'rule_failed') return { reason };
  const { rule } = (error.details?.[0] ?? {}) as { readonly rule?: unknown };
  return typeof rule === 'string' ? { reason, rule } : { reason };
}
