import type { Confidence } from '../../types.ts';
import { podEvidence } from '../../draft.ts';
import { createEndDraft, sayRestarts } from '../create-end-draft.ts';
import type { End, EndStep } from '../end.ts';
import { hexOf, sayExitCode, signalOf } from '../exit-codes.ts';

/** Reasons that add nothing to the exit code. */
const plainReasons: ReadonlySet<string> = new Set(['Error', 'Completed', 'StartError', 'ContainerCannotRun']);

/** Ended by a signal (other than the kill of exit 137) that nothing outside explains. */
export const decideSignalled: EndStep = (input) => {
  const { context, view, end } = input;
  if (context.evidence.node?.operatingSystem === 'windows') return undefined;
  const signal = signalOf(end.record);
  if (signal === undefined) return undefined;
  const isTerm = signal === 'SIGTERM';
  return createEndDraft(input, {
    cause: 'Signalled',
    severity: isTerm ? 'medium' : 'high',
    signal,
    ...judgeReason(input),
    summary: `container ${view.name} was ended by ${signal} (exit code ${sayExitCode(end.record.exitCode)})${sayRestarts(view)}`,
    remedy: isTerm
      ? `find out who sent SIGTERM to container ${view.name}: the pod was neither deleted nor disrupted`
      : `look at the logs of container ${view.name} right before the end; ${signal} is a fault of the process or of a library in it`,
    evidence: podEvidence(`${end.path}.message`, end.record.message),
  });
};

/** Any other non-zero exit code: the application's own error, as far as anyone recorded. */
export const decideAppError: EndStep = (input) => {
  const { view, end } = input;
  const { exitCode, message } = end.record;
  const { confidence, detail } = judgeReason(input);
  return createEndDraft(input, {
    cause: 'AppError',
    severity: view.loops ? 'high' : 'medium',
    confidence,
    detail: [detail, hexOf(exitCode)].filter((part) => part !== undefined).join('; ') || undefined,
    summary: `container ${view.name} exited with code ${sayExitCode(exitCode)}${sayRestarts(view)}`,
    remedy: hintExit(view.name, exitCode),
    evidence: podEvidence(`${end.path}.message`, message),
  });
};

/** A reason that Kubernetes does not define is kept as it is, and makes the finding possible only. */
function judgeReason({ end }: End): { confidence: Confidence; detail: string | undefined } {
  const { reason } = end.record;
  const isKnown = reason === undefined || reason === '' || plainReasons.has(reason);
  return { confidence: isKnown ? 'confirmed' : 'possible', detail: isKnown ? undefined : reason };
}

function hintExit(container: string, exitCode: number): string {
  if (exitCode === 126) return `exit code 126 of container ${container}: the command was found but cannot be executed`;
  if (exitCode === 127)
    return `exit code 127 of container ${container}: a command was not found; check its script and image`;
  return `read the last logs of container ${container} (kubectl logs --previous)`;
}
