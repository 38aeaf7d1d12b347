import { endedByDeadline } from '../../context/deadline.ts';
import { endedByDeletion } from '../../context/deletion.ts';
import { endedByDisruption } from '../../context/disruption.ts';
import type { Draft } from '../../draft.ts';
import type { Evidence } from '../../types.ts';
import { createEndDraft } from '../create-end-draft.ts';
import type { End, EndStep } from '../end.ts';
import { endedAfterApps } from '../excuses/sidecar.ts';
import { sayExitCode, signalOf } from '../exit-codes.ts';

/** The end came with a disruption: a kill is named for it, any other end is a graceful stop that it explains. */
export const decideDisrupted: EndStep = (input) => {
  const { view, end, context } = input;
  const { disruption } = context;
  if (disruption === undefined || !endedByDisruption(disruption, end, context.windows)) return undefined;
  if (end.record.exitCode !== 137)
    return draftStop(input, { why: 'the pod was taken down', evidence: disruption.evidence });
  return createEndDraft(input, {
    cause: disruption.cause,
    confidence: 'confirmed',
    signal: 'SIGKILL',
    summary: `container ${view.name} was killed (exit code 137) because the pod was taken down`,
    evidence: disruption.evidence,
  });
};

/** The kubelet stops all containers when the pod's activeDeadlineSeconds is over. */
export const decideDeadline: EndStep = (input) => {
  const { deadline } = input.context;
  if (deadline === undefined || !endedByDeadline(deadline, input.end)) return undefined;
  return draftStop(input, { why: 'the pod exceeded its active deadline', evidence: deadline.evidence });
};

/** The end belongs to the deletion of the pod. */
export const decideDeleted: EndStep = (input) => {
  const { deletion } = input.context;
  if (deletion === undefined || !endedByDeletion(deletion, input.view, input.end)) return undefined;
  return draftStop(input, { why: 'the pod was being deleted', evidence: deletion.evidence });
};

/** A sidecar is stopped when the app containers are done. */
export const decideSidecarStop: EndStep = (input) => {
  if (!endedAfterApps(input.context, input.view, input.end)) return undefined;
  return draftStop(input, { why: 'the app containers had finished', evidence: [] });
};

function draftStop(input: End, { why, evidence }: { why: string; evidence: readonly Evidence[] }): Draft {
  const { view, end } = input;
  const { exitCode } = end.record;
  const isForced = exitCode === 137;
  const said = isForced ? 'did not stop in time and was killed' : 'was stopped';
  return createEndDraft(input, {
    cause: isForced ? 'ForcedStop' : 'GracefulStop',
    confidence: 'confirmed',
    signal: isForced || exitCode === 143 ? signalOf(end.record) : undefined,
    summary: `container ${view.name} ${said} because ${why}, exit code ${sayExitCode(exitCode)}`,
    remedy: isForced
      ? `if the kill matters: let container ${view.name} end on SIGTERM, or give the pod a longer terminationGracePeriodSeconds`
      : undefined,
    evidence,
  });
}
