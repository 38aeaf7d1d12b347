import { podLifecycleType } from '../../../workflows/pod-lifecycle.messages.ts';
import { reclassifyType } from '../../../workflows/reclassify.messages.ts';
import { replayClassificationsType } from '../../../workflows/replay-classifications.messages.ts';
import { watchPodsType } from '../../../workflows/watch-pods.messages.ts';

/** Podkeeper's workflow types, each with the first part of the ids of its runs. */
const idPrefixes = {
  [podLifecycleType]: 'pod',
  [watchPodsType]: 'watch',
  [replayClassificationsType]: 'replay',
  [reclassifyType]: 'reclassify',
} as const;

export type OwnRunType = keyof typeof idPrefixes;

export const ownRunTypes = Object.keys(idPrefixes) as [OwnRunType, ...OwnRunType[]];

/**
 * The type of a run that this API may show: one of Podkeeper's workflows, for this cluster. Undefined for any other; they
 * are somebody else's, even in the same Temporal namespace.
 */
export function ownRunType(
  cluster: string,
  { workflowId, type }: { readonly workflowId: string; readonly type: string },
): OwnRunType | undefined {
  return ownRunTypes.find((own) => own === type && workflowId.startsWith(`${idPrefixes[own]}/${cluster}/`));
}

/** Whether an id can be one of this cluster's at all; Temporal is not asked for others. */
export function isOwnRunId(cluster: string, workflowId: string): boolean {
  return ownRunTypes.some((own) => workflowId.startsWith(`${idPrefixes[own]}/${cluster}/`));
}
