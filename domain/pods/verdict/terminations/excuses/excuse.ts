import { endedByDeletion } from '../../context/deletion.ts';
import { endedByDisruption } from '../../context/disruption.ts';
import { endedByDeadline } from '../../context/deadline.ts';
import { counts } from '../../selection/incident.ts';
import type { Category, Cause, Excuse, Severity } from '../../types.ts';
import type { End } from '../end.ts';
import { isJobAttempt } from './job-attempt.ts';
import { findNodeGap } from './node-gap.ts';
import { mayFinish, ruleAllows } from './restart-policy.ts';
import { endedAfterApps } from './sidecar.ts';

/**
 * The first rule of "Not a crash" that applies to an end with this cause, unless the cause never opens an incident. What holds for
 * all findings of a pod that succeeded comes later.
 */
export function excuseEnd(
  input: End,
  finding: { readonly cause: Cause; readonly category: Category; readonly severity: Severity },
): Excuse | undefined {
  const { context, view, end } = input;
  if (!counts(finding)) return undefined;
  if (explainingDisruption(input, finding.cause) !== undefined) return 'disruption';
  if (endedByDeletion(context.deletion, view, end)) return 'deletion';
  if (endedAfterApps(context, view, end)) return 'sidecar-after-app';
  if (isAllowed(input)) return 'restart-rule';
  if (isJobAttempt(context, finding.cause)) return 'job-attempt';
  if (context.isReady && findNodeGap(input) !== undefined) return 'node-gap';
  return undefined;
}

/** The pod's disruption when it explains this end; a lost status it explains whenever it was. */
function explainingDisruption({ context, end }: End, cause: Cause): Cause | undefined {
  const { disruption, windows } = context;
  if (disruption === undefined) return undefined;
  return cause === 'StatusLost' || endedByDisruption(disruption, end, windows) ? disruption.cause : undefined;
}

/** The cause of the pod's own finding that explains this end. */
export function explainEnd(input: End, cause: Cause): Cause | undefined {
  const disruption = explainingDisruption(input, cause);
  if (disruption !== undefined) return disruption;
  return endedByDeadline(input.context.deadline, input.end) ? 'DeadlineExceeded' : undefined;
}

/** A restart rule names the code, or it is the 0 of a container that may finish. */
function isAllowed({ context, view, end }: End): boolean {
  const { exitCode } = end.record;
  return ruleAllows(view, exitCode) || (exitCode === 0 && mayFinish(context, view));
}
