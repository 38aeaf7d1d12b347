import type { Category, Finding, Severity } from '../types.ts';

const incidentCategories: ReadonlySet<Category> = new Set([
  'crash',
  'startup',
  'scheduling',
  'probe',
  'node',
  'workload',
]);

/** Whether findings of this category and severity make an incident when nothing excuses them. */
export function counts({ category, severity }: { readonly category: Category; readonly severity: Severity }): boolean {
  return severity !== 'info' && incidentCategories.has(category);
}

/** Whether this finding alone makes the verdict an incident. */
export function isIncident(finding: Finding): boolean {
  return finding.excuse === undefined && counts(finding);
}
