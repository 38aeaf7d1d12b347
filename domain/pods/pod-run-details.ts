import { ownerLabel } from './pod-run-attributes.ts';
import { hasFailures, type PodRunState, type TimelineEntry } from './pod-run.ts';
import type { PodSnapshot } from './pod-snapshot.ts';
import { describeTransition } from './describe-transition.ts';
import type { Finding } from './verdict/types.ts';

/** The newest classifications shown in the Temporal UI. */
const shownEntries = 15;

/** The one-line summary a run is started with. */
export function podSummaryLine(snapshot: PodSnapshot): string {
  return `Pod ${snapshot.namespace}/${snapshot.name} of ${ownerLabel(snapshot)}`;
}

/** The current details of a pod's run in the Temporal UI, in Markdown: verdict, evidence, timeline. */
export function renderPodDetails(state: PodRunState): string {
  const { verdict, snapshot } = state;
  const lines: string[] = [];
  if (snapshot !== null) {
    const node = snapshot.nodeName === undefined ? 'no node yet' : `node \`${snapshot.nodeName}\``;
    lines.push(
      `**${podSummaryLine(snapshot)}**, ${node}, ${counted(state.restarts, 'restart')}${state.gone ? ', gone' : ''}`,
      '',
    );
  }
  if (verdict !== null) {
    lines.push(`**${verdict.health}**${verdict.primary === null ? '' : `: ${verdict.primary}`}`, '');
    for (const finding of verdict.findings.slice(0, 5)) lines.push(...findingLines(finding));
    if (verdict.findings.length > 5) lines.push(`- and ${verdict.findings.length - 5} more findings`);
  }
  if (hasFailures(state)) {
    const last = state.failures.at(-1)?.reason ?? 'too big to be kept';
    lines.push('', `**${counted(state.failed, 'change')} could not be classified**, last: ${last}`);
  }
  lines.push('', ...state.timeline.slice(-shownEntries).toReversed().map(entryLine));
  return lines.join('\n');
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

function findingLines({ severity, confidence, summary, remedy, evidence }: Finding): string[] {
  const lines = [`- ${severity}, ${confidence}: ${summary}`];
  for (const item of evidence.slice(0, 3)) {
    lines.push(`  - \`${item.source}${item.path === undefined ? '' : ` ${item.path}`}\` = ${item.value}`);
  }
  if (remedy !== undefined) lines.push(`  - what to do: ${remedy}`);
  return lines;
}

function entryLine({ observedAt, operation, transitions, health, primary }: TimelineEntry): string {
  const what = transitions.map(describeTransition).join(', ');
  return `- ${observedAt} ${operation}${what === '' ? '' : ` (${what})`}: ${health}${primary === null ? '' : `, ${primary}`}`;
}
