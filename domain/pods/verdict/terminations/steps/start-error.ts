import { podEvidence } from '../../draft.ts';
import { cut } from '../../values/text.ts';
import { createEndDraft, sayRestarts } from '../create-end-draft.ts';
import type { EndStep } from '../end.ts';
import { hintStart } from '../start-hint.ts';

/** The runtime could not start the container's process: StartError (128), ContainerCannotRun (126, 127). */
export const decideStartError: EndStep = (input) => {
  const { view, end } = input;
  const { reason, message } = end.record;
  if (reason !== 'StartError' && reason !== 'ContainerCannotRun') return undefined;
  const said = message === undefined ? '' : `: ${cut(message, 160)}`;
  return createEndDraft(input, {
    cause: 'ContainerStartFailed',
    confidence: 'confirmed',
    summary: `container ${view.name} could not be started (${reason})${said}${sayRestarts(view)}`,
    remedy: hintStart(view.name, message),
    evidence: podEvidence(`${end.path}.message`, message),
  });
};
