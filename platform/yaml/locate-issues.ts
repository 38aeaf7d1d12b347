import type { DescribedIssue } from './describe-issue.ts';
import type { ParsedYaml, Path } from './parse-yaml.ts';
import { wholeFile, type YamlFault } from './yaml-fault.ts';

/** Faults that are told one by one. */
const maxFaults = 100;

/** The issues with their places, in the order of the file. */
export function locateIssues(issues: readonly DescribedIssue[], { locate }: ParsedYaml): readonly YamlFault[] {
  const faults = issues.slice(0, maxFaults).map(({ path, at, message }) => ({
    ...locate(path, at),
    path: written(path),
    message: path.length === 0 ? `the file ${message}` : message,
  }));
  faults.sort((one, other) => one.line - other.line || one.column - other.column);
  const more = issues.length - faults.length;
  return more === 0 ? faults : [...faults, wholeFile(`… and ${more} more faults`)];
}

/** `rules[1].match.labels.app`. */
function written(path: Path): string {
  return path
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`))
    .join('')
    .replace(/^\./, '');
}
