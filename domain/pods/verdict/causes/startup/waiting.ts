import type { VerdictContext } from '../../context/context.ts';
import type { ContainerView } from '../../context/container-view.ts';
import { createDraft, type Draft, podEvidence } from '../../draft.ts';
import type { Rule } from '../../rule.ts';
import { hintStart } from '../../terminations/start-hint.ts';
import type { Cause, Confidence } from '../../types.ts';
import { hintConfig } from './config-hint.ts';
import { imageReasons } from './image-pull.ts';

const causeOf: Readonly<Partial<Record<string, Cause>>> = {
  CreateContainerConfigError: 'ContainerConfigInvalid',
  CreateContainerError: 'ContainerCreateFailed',
  RunContainerError: 'ContainerStartFailed',
  PostStartHookError: 'PostStartHookFailed',
};

/** Reasons that tell of no failure of their own: progress, or a back-off whose cause is in `lastState`. */
const ordinaryReasons: ReadonlySet<string> = new Set(['', 'ContainerCreating', 'PodInitializing', 'CrashLoopBackOff']);

/** Containers that the kubelet cannot create or start, by their waiting reason. */
export const findWaitingFailures: Rule = (context, found) =>
  context.containers.flatMap((view) => {
    const reason = view.waitingReason ?? '';
    if (view.type === 'ephemeral' || ordinaryReasons.has(reason) || imageReasons.has(reason)) return [];
    const cause = Object.hasOwn(causeOf, reason) ? causeOf[reason] : undefined;
    // The last end says the same with an exit code: one finding is enough.
    if (found.some(({ finding }) => finding.container === view.name && finding.cause === cause)) return [];
    return [draftWaiting(context, view, { cause: cause ?? 'StartupStalled', isKnown: cause !== undefined })];
  });

function draftWaiting(
  { now }: VerdictContext,
  view: ContainerView,
  { cause, isKnown }: { cause: Cause; isKnown: boolean },
): Draft {
  const reason = view.waitingReason ?? '';
  const message = view.status?.state?.kind === 'waiting' ? view.status.state.message : undefined;
  const path = `${view.path}.state.waiting`;
  const confidence: Confidence = isKnown ? 'confirmed' : 'possible';
  return createDraft({
    cause,
    confidence,
    view,
    at: now,
    restarts: view.restarts,
    detail: isKnown ? undefined : reason,
    summary: `container ${view.name} cannot start (${reason})${message === undefined ? '' : `: ${message}`}`,
    remedy: hintWaiting(cause, view, message),
    evidence: [...podEvidence(`${path}.reason`, reason), ...podEvidence(`${path}.message`, message)],
  });
}

function hintWaiting(cause: Cause, { name }: ContainerView, message: string | undefined): string {
  switch (cause) {
    case 'ContainerConfigInvalid':
      return hintConfig(name, message);
    case 'ContainerStartFailed':
      return hintStart(name, message);
    case 'PostStartHookFailed':
      return `check the postStart hook of container ${name}`;
    case 'ContainerCreateFailed':
      return `the container runtime refused to create container ${name}: check its command, mounts and name, and the runtime's message`;
    default:
      return `see the pod's Events for container ${name}`;
  }
}
