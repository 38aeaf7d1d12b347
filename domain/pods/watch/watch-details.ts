import type { WatchCheckpoint, WatchGap } from './watch-checkpoint.ts';
import type { WatchScope } from './watch-scope.ts';

interface WatchStanding {
  readonly mode: string;
  readonly cluster: string;
  readonly configuration: { readonly scope: WatchScope; readonly podRuns: string };
  readonly checkpoint: WatchCheckpoint | null;
  readonly interval: number;
  readonly missingPermissions: readonly string[];
  readonly gaps: readonly WatchGap[];
  readonly gapCount: number;
}

/** The current details of a watch in the Temporal UI, in Markdown. */
export function renderWatchDetails(watch: WatchStanding): string {
  const { scope } = watch.configuration;
  const where = scope.namespaces.length === 0 ? 'every namespace' : `namespaces ${scope.namespaces.join(', ')}`;
  const selector = scope.labelSelector === undefined ? '' : ` with labels \`${scope.labelSelector}\``;
  const lines = [
    `**${watch.mode}**: pods of cluster \`${watch.cluster}\` in ${where}${selector}; runs for: ${watch.configuration.podRuns}`,
    '',
    `Interval ${watch.interval}. ${checkpointLine(watch.checkpoint)}`,
  ];
  if (watch.missingPermissions.length > 0) {
    lines.push('', `**Missing permissions:** ${watch.missingPermissions.join(', ')}`);
  }
  if (watch.gapCount > 0) {
    lines.push(
      '',
      `**${watch.gapCount} ${watch.gapCount === 1 ? 'gap' : 'gaps'}** (updates in them can't be known):`,
      '',
    );
    for (const gap of watch.gaps.slice(-10)) {
      lines.push(
        `- ${gap.fromTime} to ${gap.toTime}, versions ${gap.fromVersion || '?'} to ${gap.toVersion}: ${gap.reason}`,
      );
    }
  }
  return lines.join('\n');
}

function checkpointLine(checkpoint: WatchCheckpoint | null): string {
  if (checkpoint === null) return 'No interval has ended yet.';
  if (Object.keys(checkpoint.sources).length === 0) return 'The first list is not complete yet.';
  const sources = Object.entries(checkpoint.sources).map(
    ([source, { version, time }]) => `${source === '' ? '' : `${source}: `}version ${version} (${time})`,
  );
  return `Complete at the end of the last interval up to ${sources.join(', ')}.`;
}
