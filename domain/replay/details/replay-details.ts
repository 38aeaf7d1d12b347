import { describeFilter } from './describe-filter.ts';
import { type ReplayCounts, replayedOutcomes, type ReplayedRun, type ReplayProgress, triedRuns } from '../replay.ts';

/** The newest runs of one kind shown in the Temporal UI. */
const shownRuns = 20;

/**
 * The current details of a replay in the Temporal UI, in Markdown: what it takes, the counts, and each run that a person has to
 * look at with a link to it. Lists are flat, because the UI renders no nested ones.
 */
export function renderReplayDetails(
  { state, dryRun, filter, reason, counts, runs, pages }: ReplayProgress,
  { temporalNamespace }: { readonly temporalNamespace: string },
): string {
  const lines = [
    `**${state}**${dryRun ? ' (dry run: nothing is changed)' : ''}: ${describeFilter(filter)}`,
    '',
    `${sayCounts(counts)} (pages of the list read: ${pages}).`,
  ];
  if (reason !== '') lines.push('', `Reason given: ${inline(reason)}`);
  const list = (title: string, chosen: readonly ReplayedRun[]): void => {
    if (chosen.length === 0) return;
    const more = chosen.length > shownRuns ? `, the newest ${shownRuns} of ${chosen.length}` : '';
    lines.push('', `**${title}**${more}:`, '');
    for (const run of chosen.slice(-shownRuns).toReversed()) lines.push(`- ${runLine(run, temporalNamespace)}`);
  };
  list(
    'Still failing',
    runs.filter(({ outcome }) => outcome === 'still-failing'),
  );
  list(
    'Could not be tried',
    runs.filter(({ outcome }) => outcome === 'error'),
  );
  list(
    'Lost: ended from outside, with what could not be classified',
    runs.filter(({ outcome }) => outcome === 'lost'),
  );
  list(
    'Changed',
    runs.filter(({ outcome }) => outcome === 'changed'),
  );
  return lines.join('\n');
}

/** `20 runs tried: 18 fixed, 2 still-failing` */
export function sayCounts(counts: ReplayCounts): string {
  const tried = triedRuns(counts);
  const parts = replayedOutcomes
    .filter((outcome) => counts[outcome] > 0)
    .map((outcome) => `${counts[outcome]} ${outcome}`);
  return `${tried} ${tried === 1 ? 'run' : 'runs'} tried${parts.length === 0 ? '' : `: ${parts.join(', ')}`}`;
}

function runLine({ workflowId, from, to, reason, rule }: ReplayedRun, temporalNamespace: string): string {
  const address = `/namespaces/${encodeURIComponent(temporalNamespace)}/workflows/${encodeURIComponent(workflowId)}`;
  const said = [
    rule === undefined ? undefined : `rule ${inline(rule)}`,
    reason === undefined ? undefined : inline(reason),
    from === undefined || to === undefined || from === to ? undefined : `${inline(from)} → ${inline(to)}`,
  ].filter((part) => part !== undefined);
  return `[${workflowId}](${address})${said.length === 0 ? '' : `: ${said.join(', ')}`}`;
}

/** Text that came from elsewhere, so that nothing in it is taken for Markdown. */
function inline(text: string): string {
  return `\`${text.replaceAll('`', "'").replace(/\s+/g, ' ').trim()}\``;
}
