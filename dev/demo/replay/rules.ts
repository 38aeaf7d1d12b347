/** The namespace of the reported pods. No watch sees it: it is in another cluster, so to say. */
export const reportedNamespace = 'billing';
/** The rule that can't be applied to them at first. */
export const ruleName = 'team-by-label';
/** What the repaired rule gives a pod without the label. */
export const defaultTeam = 'billing';

/** A rule that asks for a label the reported pods do not have. */
export const brokenRules = rulesWith('${labels.team}');
/** The same with a default. */
export const mendedRules = rulesWith(`\${labels.team:-${defaultTeam}}`);

function rulesWith(team: string): string {
  return [
    'version: 1',
    'rules:',
    `  - name: ${ruleName}`,
    '    match:',
    `      namespaces: [${reportedNamespace}]`,
    '    set:',
    `      team: ${team}`,
    '',
  ].join('\n');
}
