import { isGoing } from '../../context/context.ts';
import { createDraft, podEvidence } from '../../draft.ts';
import type { Rule } from '../../rule.ts';
import { sayExitCode } from '../../terminations/exit-codes.ts';

const ordinaryWaits: ReadonlySet<string> = new Set(['', 'ContainerCreating', 'PodInitializing']);

/** A debug container that failed or cannot start. It is the debugger's business and never an incident. */
export const findEphemeralFailures: Rule = (context) =>
  context.containers.flatMap((view) => {
    const state = view.status?.state;
    if (view.type !== 'ephemeral' || state === undefined) return [];
    const path = `${view.path}.state.${state.kind}`;
    if (state.kind === 'waiting' && !ordinaryWaits.has(state.reason ?? '')) {
      return createDraft({
        cause: 'EphemeralContainerFailed',
        confidence: 'confirmed',
        view,
        detail: state.reason,
        summary: `ephemeral container ${view.name} cannot start (${state.reason ?? ''})`,
        remedy: `check the image and command given for ephemeral container ${view.name}`,
        evidence: [...podEvidence(`${path}.reason`, state.reason), ...podEvidence(`${path}.message`, state.message)],
      });
    }
    if (state.kind !== 'terminated' || state.exitCode === 0 || state.reason === 'OOMKilled' || isGoing(context))
      return [];
    return createDraft({
      cause: 'EphemeralContainerFailed',
      confidence: 'confirmed',
      view,
      exitCode: state.exitCode,
      at: view.ends[0]?.finishedAt,
      isEnd: true,
      summary: `ephemeral container ${view.name} ended with exit code ${sayExitCode(state.exitCode)}`,
      evidence: [
        ...podEvidence(`${path}.reason`, state.reason, state.finishedAt),
        ...podEvidence(`${path}.exitCode`, state.exitCode, state.finishedAt),
      ],
    });
  });
