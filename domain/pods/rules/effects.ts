import { type Cause, type Finding, type Severity } from '../verdict/types.ts';
import type { RuleSubject } from './compiled-rules.ts';
import { tagFault, tagLimits, teamFault } from './text/tag.ts';
import { fillTemplate, parseTemplate, type Template } from './text/template.ts';
import type { UserRule } from './user-rules.ts';

/** What rules have added up to, one after the other. */
export interface Ruling {
  readonly tags: readonly string[];
  readonly team: string | null;
  /** By the finding's place in the verdict as it was decided. */
  readonly severities: ReadonlyMap<number, Severity>;
  readonly ignored: ReadonlySet<number>;
  readonly ignoresAll: boolean;
}

export const emptyRuling: Ruling = {
  tags: [],
  team: null,
  severities: new Map(),
  ignored: new Set(),
  ignoresAll: false,
};

/** Takes one rule's effect into the ruling, with a line for each thing done. Throws an Error that says what can't be. */
export type Effect = (ruling: Ruling, subject: RuleSubject, lines: string[]) => Ruling;

/** What a rule does when it matches, its templates parsed once. */
export function compileEffects({ match, set }: UserRule): readonly Effect[] {
  const { tags = [], team, severity, ignore } = set;
  return [
    ...tags.map((tag) => addTag(parseTemplate(tag))),
    ...(team === undefined ? [] : [setTeam(parseTemplate(team))]),
    ...(severity === undefined ? [] : [setSeverity(severity, match.causes)]),
    ...(ignore === undefined ? [] : [ignoreFindings(match.causes)]),
  ];
}

function addTag(template: Template): Effect {
  return (ruling, { snapshot }, lines) => {
    const tag = filled(template, snapshot, tagFault);
    if (ruling.tags.includes(tag)) {
      lines.push(`tag ${tag}, which another rule has added`);
      return ruling;
    }
    if (ruling.tags.length >= tagLimits.tags) {
      throw new Error(`tag "${tag}" is one too many: all rules together add at most ${tagLimits.tags} tags to a pod`);
    }
    lines.push(`tag ${tag}`);
    return { ...ruling, tags: [...ruling.tags, tag] };
  };
}

function setTeam(template: Template): Effect {
  return (ruling, { snapshot }, lines) => {
    const team = filled(template, snapshot, teamFault);
    const instead = ruling.team === null || ruling.team === team ? '' : ` in place of ${ruling.team}`;
    lines.push(`team ${team}${instead}`);
    return { ...ruling, team };
  };
}

function setSeverity(severity: Severity, causes: readonly Cause[] | undefined): Effect {
  return (ruling, { verdict }, lines) => {
    const { findings, primary } = verdict;
    const chosen = causes === undefined ? (primary === null ? [] : [0]) : placesOf(findings, causes);
    if (chosen.length === 0) lines.push(`severity ${severity} of nothing: there is no primary finding`);
    for (const place of chosen) {
      const before = ruling.severities.get(place) ?? findings[place]?.severity ?? '';
      const change = before === severity ? severity : `${before} → ${severity}`;
      lines.push(`severity of ${nameOf(findings[place])}: ${change}`);
    }
    return {
      ...ruling,
      severities: new Map([...ruling.severities, ...chosen.map((place) => [place, severity] as const)]),
    };
  };
}

function ignoreFindings(causes: readonly Cause[] | undefined): Effect {
  return (ruling, { verdict }, lines) => {
    const { findings } = verdict;
    const chosen = causes === undefined ? [...findings.keys()] : placesOf(findings, causes);
    if (chosen.length === 0) lines.push('ignores nothing: there are no findings');
    for (const place of chosen) lines.push(`ignores ${nameOf(findings[place])}`);
    return {
      ...ruling,
      ignored: new Set([...ruling.ignored, ...chosen]),
      ignoresAll: ruling.ignoresAll || causes === undefined,
    };
  };
}

function filled(
  template: Template,
  snapshot: RuleSubject['snapshot'],
  fault: (value: string) => string | undefined,
): string {
  let value: string;
  try {
    value = fillTemplate(template, snapshot);
  } catch (error) {
    throw new Error(`"${template.text}": ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
  const problem = fault(value);
  if (problem !== undefined) throw new Error(value === template.text ? problem : `"${template.text}": ${problem}`);
  return value;
}

function placesOf(findings: readonly Finding[], causes: readonly Cause[]): number[] {
  return [...findings.keys()].filter((place) => causes.some((cause) => cause === findings[place]?.cause));
}

function nameOf(finding: Finding | undefined): string {
  if (finding === undefined) return '';
  return finding.container === undefined ? finding.cause : `${finding.cause} (container ${finding.container})`;
}
