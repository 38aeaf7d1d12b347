import type { VerdictContext } from '../../context/context.ts';
import type { ContainerView } from '../../context/container-view.ts';
import { eventEvidence, eventsOf, newestEvent } from '../../context/events.ts';
import { createDraft, type Draft, podEvidence } from '../../draft.ts';
import type { Rule } from '../../rule.ts';
import type { Evidence } from '../../types.ts';
import { hintImagePull, readPullError } from './pull-error.ts';

/** Waiting reasons of pkg/kubelet/images: the image is not there. */
export const imageReasons: ReadonlySet<string> = new Set([
  'ErrImagePull',
  'ImagePullBackOff',
  'InvalidImageName',
  'ErrImageNeverPull',
  'ImageInspectError',
  'RegistryUnavailable',
  'SignatureValidationFailed',
]);

/** Containers that wait for an image which cannot be had. */
export const findImagePullFailures: Rule = (context) =>
  context.containers
    .filter(({ type, waitingReason }) => type !== 'ephemeral' && imageReasons.has(waitingReason ?? ''))
    .map((view) => draftPullFailure(context, view));

function draftPullFailure(context: VerdictContext, view: ContainerView): Draft {
  const reason = view.waitingReason ?? '';
  const path = `${view.path}.state.waiting`;
  const found = findDetail(context, view, reason);
  const image = view.spec.image ?? 'of unknown name';
  return createDraft({
    cause: 'ImagePullFailed',
    confidence: 'confirmed',
    view,
    at: context.now,
    restarts: view.restarts,
    detail: found.detail,
    summary: `container ${view.name} waits for image ${image}, which cannot be pulled (${found.detail})`,
    remedy: hintImagePull(found.detail, image),
    evidence: [
      ...podEvidence(`${path}.reason`, reason),
      ...podEvidence(`${path}.message`, waitingMessage(view)),
      ...podEvidence(`${view.specPath}.image`, view.spec.image),
      ...found.evidence,
    ],
  });
}

/** In back-off the kubelet may name no error; then the previous snapshot or an Event still does. */
function findDetail(
  context: VerdictContext,
  view: ContainerView,
  reason: string,
): { readonly detail: string; readonly evidence: readonly Evidence[] } {
  const detail = readPullError(reason, waitingMessage(view) ?? '');
  if (detail !== 'unknown') return { detail, evidence: [] };
  const before = view.before?.state;
  if (before?.kind === 'waiting' && before.message !== undefined) {
    const earlier = readPullError(before.reason ?? '', before.message);
    const path = `${view.path}.state.waiting.message`;
    if (earlier !== 'unknown') {
      return { detail: earlier, evidence: [{ source: 'previous-pod', path, value: before.message }] };
    }
  }
  const failed = newestEvent(
    eventsOf(context.events, ['Failed'], view.name).filter(({ message }) => readPullError('', message) !== 'unknown'),
  );
  if (failed === undefined) return { detail, evidence: [] };
  return { detail: readPullError('', failed.message), evidence: [eventEvidence(failed)] };
}

function waitingMessage({ status }: ContainerView): string | undefined {
  return status?.state?.kind === 'waiting' ? status.state.message : undefined;
}
