import { createHash } from 'node:crypto';
import type { CompiledRules } from '../../domain/pods/rules/compiled-rules.ts';
import { compileRules } from '../../domain/pods/rules/compile-rules.ts';
import type { UserRules } from '../../domain/pods/rules/user-rules.ts';
import { canonicalJson } from '../canonical-json.ts';
import { readTextFile, TextFileError } from '../text-file.ts';
import { type DescribedIssue, describeIssue, type IssueHints } from '../yaml/describe-issue.ts';
import { locateIssues } from '../yaml/locate-issues.ts';
import { isFaults, parseYaml } from '../yaml/parse-yaml.ts';
import { wholeFile } from '../yaml/yaml-fault.ts';
import { RulesFileError } from './rules-file-error.ts';
import { knownKeys, rulesFileLimits, rulesSchema } from './rules-schema.ts';

const words = { content: 'rules', least: '"version: 1" and "rules: []"' };

const hints: IssueHints = {
  keysAt(path) {
    if (path.length === 0) return knownKeys.file;
    if (path.length === 2) return knownKeys.rule;
    return path[2] === 'set' ? knownKeys.set : knownKeys.match;
  },
  emptyForm: (path) => (path.at(-1) === 'match' ? ', {} for every pod' : ''),
  longList: 'docs/verdicts.md lists them',
};

/**
 * Parses and checks the text of a rules file and makes its rules ready to be applied. Throws RulesFileError with every
 * fault there is; `source` names the file in it.
 */
export function parseRules(text: string, source: string): CompiledRules {
  const yaml = parseYaml(text, words);
  if (isFaults(yaml)) throw new RulesFileError(source, yaml);
  const { value } = yaml;
  const count = rulesIn(value).length;
  if (count > rulesFileLimits.rules) {
    throw new RulesFileError(source, [wholeFile(`the file has ${count} rules, more than ${rulesFileLimits.rules}`)]);
  }
  const { data, error } = rulesSchema.safeParse(value, { reportInput: true });
  const issues = [...(error?.issues ?? []).flatMap((issue) => describeIssue(issue, hints)), ...repeatedNames(value)];
  if (data === undefined || issues.length > 0) throw new RulesFileError(source, locateIssues(issues, yaml));
  return compileRules(data, versionOf(data));
}

/** Reads and parses a rules file. Throws RulesFileError, also when there is no such file. */
export async function readRules(path: string): Promise<CompiledRules> {
  return parseRules(await readRulesText(path), path);
}

/** The text of a rules file. Throws RulesFileError when there is no such file, it is too big, or it is not UTF-8. */
export async function readRulesText(path: string): Promise<string> {
  try {
    return await readTextFile(path, rulesFileLimits.bytes);
  } catch (error) {
    if (!(error instanceof TextFileError)) throw error;
    throw new RulesFileError(path, [wholeFile(error.message)]);
  }
}

/** Says what the rules say: comments, spacing and the order of keys make no difference. */
function versionOf(rules: UserRules): string {
  return createHash('sha256').update(canonicalJson(rules)).digest('hex').slice(0, 12);
}

function rulesIn(value: unknown): readonly unknown[] {
  const rules = (value as { readonly rules?: unknown } | null | undefined)?.rules;
  return Array.isArray(rules) ? rules : [];
}

/** Looked for beside the schema, because zod compares nothing while something else is wrong. */
function repeatedNames(value: unknown): DescribedIssue[] {
  const first = new Map<string, number>();
  return rulesIn(value).flatMap((rule, index) => {
    const name = (rule as { readonly name?: unknown } | null | undefined)?.name;
    if (typeof name !== 'string') return [];
    const earlier = first.get(name);
    if (earlier === undefined) first.set(name, index);
    return earlier === undefined
      ? []
      : [{ path: ['rules', index, 'name'], message: `"${name}" is the name of rules[${earlier}] too` }];
  });
}
