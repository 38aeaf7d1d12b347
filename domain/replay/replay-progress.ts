import type { SearchAttributeValues } from '../search-attributes.ts';
import { hasReplayFailures, type ReplayProgress, type ReplayState, triedRuns } from './replay.ts';

type Asked = Pick<ReplayProgress, 'dryRun' | 'filter' | 'reason' | 'requestedAt'>;

/** What a replay answers when it is asked how far it is. */
export function replayProgress(
  { dryRun, filter, reason, requestedAt }: Asked,
  { nextPageToken: _nextPageToken, ...known }: ReplayState,
  state: ReplayProgress['state'],
): ReplayProgress {
  return { state, dryRun, filter, reason, requestedAt, ...known, tried: triedRuns(known.counts) };
}

/** The search attributes of a replay. */
export function replayAttributes({
  cluster,
  ...progress
}: Pick<ReplayProgress, 'state' | 'dryRun' | 'counts'> & { readonly cluster: string }): SearchAttributeValues {
  return { cluster, state: stateAttribute(progress), tags: progress.dryRun ? ['replay', 'dry-run'] : ['replay'] };
}

/** The state a replay is started with. */
export const replayingState = 'replaying';

function stateAttribute({ state, counts }: Pick<ReplayProgress, 'state' | 'counts'>): string {
  if (state === 'running') return replayingState;
  if (state === 'cancelled') return 'cancelled';
  return hasReplayFailures(counts) ? 'completed-with-failures' : 'completed';
}
