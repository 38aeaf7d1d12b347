import type { ReclassifiedPod } from '../reclassify-closed.ts';

/** The newest classifications shown in the Temporal UI. */
const shownEntries = 15;

/** The current details of a reclassification in the Temporal UI, in Markdown. */
export function renderReclassified(workflowId: string, pod: ReclassifiedPod): string {
  const { outcome, fixed, failing, reason, lost, entries, to, verdict } = pod;
  const lines = [`**${outcome}**: what \`${workflowId}\` could not classify.`, '', `Changes classified now: ${fixed}.`];
  if (failing > 0)
    lines.push('', `**Changes that still can't be classified: ${failing}**, last: ${code(reason ?? '')}`);
  if (lost > 0) lines.push('', `Changes the run could not keep, so nobody can try them: ${lost}.`);
  if (verdict !== null) lines.push('', `Last verdict: ${to}.`);
  if (entries.length > 0) lines.push('', 'Newest first:', '');
  for (const { observedAt, operation, health, primary } of entries.slice(-shownEntries).toReversed()) {
    lines.push(`- ${observedAt} ${operation}: ${health}${primary === null ? '' : `, ${primary}`}`);
  }
  return lines.join('\n');
}

function code(text: string): string {
  return `\`${text.replaceAll('`', "'").replace(/\s+/g, ' ').trim()}\``;
}
