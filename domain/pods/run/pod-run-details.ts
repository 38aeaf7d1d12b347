import { ownerLabel } from './pod-run-attributes.ts';
import { type AnsweredRequest, hasFailures, type PodRunState, type TimelineEntry } from './pod-run.ts';
import type { ReclassifyOutcome } from './reclassify/reclassify-result.ts';
import type { PodSnapshot } from '../snapshot/pod-snapshot.ts';
import { describeTransition } from '../describe-transition.ts';
import type { Finding } from '../verdict/types.ts';

/** The newest classifications shown in the Temporal UI. */
const shownEntries = 15;
const shownFindings = 5;
const shownEvidence = 4;

/** The one-line summary a run is started with. */
export function podSummaryLine(snapshot: PodSnapshot): string {
  const owner = snapshot.owner === undefined ? '' : ` of ${ownerLabel(snapshot)}`;
  return `Pod ${snapshot.namespace}/${snapshot.name}${owner}`;
}

/**
 * The current details of a pod's run in the Temporal UI, in Markdown: verdict, evidence, timeline. The UI renders no nested
 * lists and joins lists that only a blank line parts, so lists are flat and a paragraph stands between them.
 */
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
    lines.push(`**${verdict.health}${verdict.primary === null ? '' : `: ${verdict.primary}`}**`, '');
    for (const finding of verdict.findings.slice(0, shownFindings)) lines.push(...findingLines(finding));
    const more = verdict.findings.length - shownFindings;
    if (more > 0) lines.push(`And ${counted(more, 'more finding')}.`, '');
  }
  if (hasFailures(state)) lines.push(...failureLines(state));
  const answer = state.answered.at(-1);
  if (answer !== undefined) lines.push(...answerLines(answer));
  const entries = state.timeline.slice(-shownEntries).toReversed();
  if (entries.length > 0) lines.push('Newest changes first:', '', ...entries.map(entryLine));
  return lines.join('\n');
}

function counted(count: number, what: string, many = `${what}s`): string {
  return `${count} ${count === 1 ? what : many}`;
}

function findingLines({ severity, confidence, summary, remedy, evidence }: Finding): string[] {
  const lines = [`${severity}, ${confidence}: ${oneLine(summary)}`, ''];
  for (const { source, path = '', value } of evidence.slice(0, shownEvidence)) {
    lines.push(`- ${code(`${source} ${path}`)} = ${code(value)}`);
  }
  if (remedy !== undefined) lines.push('', `What to do: ${oneLine(remedy)}`);
  return [...lines, ''];
}

function failureLines({ failed, failures, failuresDropped }: PodRunState): string[] {
  const [first] = failures;
  const since = first === undefined ? '' : ` since ${failuresDropped === 0 ? '' : 'before '}${first.failedAt}`;
  const rules = [...new Set(failures.flatMap(({ rule }) => rule ?? []))].map(code).join(', ');
  const last = failures.at(-1)?.reason ?? 'too big to be kept';
  return [
    `**${counted(failed, 'change')} could not be classified**${since}, last: ${code(last)}`,
    '',
    ...(rules === '' ? [] : [`Rules that failed: ${rules}`, '']),
    ...(failuresDropped === 0
      ? []
      : [`${counted(failuresDropped, 'batch', 'batches')} too many to be kept, can't be tried again.`, '']),
    ...(failures.length === 0
      ? []
      : ['What to do: mend the cause, then have it tried again with `podkeeper replay`', '']),
  ];
}

const outcomes = {
  fixed: 'Tried again with success',
  'still-failing': 'Tried again in vain',
  changed: 'Judged again otherwise',
  unchanged: 'Judged again as before',
} as const satisfies Record<ReclassifyOutcome, string>;

function answerLines({ answeredAt, reason, result }: AnsweredRequest): string[] {
  const { outcome, fixed, failing, from, to } = result;
  const what = [
    ...(fixed === 0 ? [] : [`${counted(fixed, 'change')} classified`]),
    ...(failing === 0 ? [] : [`${counted(failing, 'change')} not`]),
    ...(from === to ? [] : [`${code(from)} is now ${code(to)}`]),
  ];
  const why = reason.trim() === '' ? '' : `, because ${code(reason)}`;
  return [[`${outcomes[outcome]} ${answeredAt}${why}`, ...what].join(', '), ''];
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

/** Text that came from the cluster, so that nothing in it is taken for Markdown. */
function code(text: string): string {
  return `\`${oneLine(text.replaceAll('`', "'"))}\``;
}

function entryLine({ observedAt, operation, transitions, health, primary }: TimelineEntry): string {
  const what = transitions.map(describeTransition).join(', ');
  return `- ${observedAt} ${operation}${what === '' ? '' : ` (${what})`}: ${health}${primary === null ? '' : `, ${primary}`}`;
}
