import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import type { CompiledRules } from '../../domain/pods/rules/compiled-rules.ts';
import { compileRules } from '../../domain/pods/rules/compile-rules.ts';
import type { UserRules } from '../../domain/pods/rules/user-rules.ts';
import { canonicalJson } from '../canonical-json.ts';
import { type DescribedIssue, describeIssue } from './describe-issue.ts';
import { type ParsedYaml, type Path, parseYaml, wholeFile } from './parse-yaml.ts';
import { type RulesFault, RulesFileError } from './rules-file-error.ts';
import { rulesFileLimits, rulesSchema } from './rules-schema.ts';

/** Faults that are told one by one. */
const maxFaults = 100;

/**
 * Parses and checks the text of a rules file and makes its rules ready to be applied. Throws RulesFileError with every
 * fault there is; `source` names the file in it.
 */
export function parseRules(text: string, source: string): CompiledRules {
  const yaml = parseYaml(text);
  if (isFaults(yaml)) throw new RulesFileError(source, yaml);
  const { value } = yaml;
  const count = rulesIn(value).length;
  if (count > rulesFileLimits.rules) {
    throw new RulesFileError(source, [wholeFile(`the file has ${count} rules, more than ${rulesFileLimits.rules}`)]);
  }
  const { data, error } = rulesSchema.safeParse(value, { reportInput: true });
  const issues = [...(error?.issues ?? []).flatMap(describeIssue), ...repeatedNames(value)];
  if (data === undefined || issues.length > 0) throw new RulesFileError(source, locateAll(issues, yaml));
  return compileRules(data, versionOf(data));
}

/** In the order of the file. */
function locateAll(issues: readonly DescribedIssue[], { locate }: ParsedYaml): readonly RulesFault[] {
  const faults = issues.slice(0, maxFaults).map(({ path, at, message }) => ({
    ...locate(path, at),
    path: written(path),
    message: path.length === 0 ? `the file ${message}` : message,
  }));
  faults.sort((one, other) => one.line - other.line || one.column - other.column);
  const more = issues.length - faults.length;
  return more === 0 ? faults : [...faults, wholeFile(`… and ${more} more faults`)];
}

/** Reads and parses a rules file. Throws RulesFileError, also when there is no such file. */
export async function readRules(path: string): Promise<CompiledRules> {
  return parseRules(await readRulesText(path), path);
}

/** The text of a rules file. Throws RulesFileError when there is no such file, it is too big, or it is not UTF-8. */
export async function readRulesText(path: string): Promise<string> {
  const refuse = (message: string) => new RulesFileError(path, [wholeFile(message)]);
  const { bytes: limit } = rulesFileLimits;
  const buffer = new Uint8Array(limit + 1);
  let length = 0;
  try {
    await using file = await open(path);
    for (let read = 1; read > 0 && length < buffer.length; length += read) {
      read = (await file.read(buffer, length, buffer.length - length)).bytesRead;
    }
  } catch (error) {
    throw refuse(openMessage(error));
  }
  if (length > limit) throw refuse(`the file has more than ${limit / 1024} KiB`);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(buffer.subarray(0, length));
  } catch {
    throw refuse('the file is not UTF-8 text');
  }
}

function openMessage(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return 'there is no such file';
  if (code === 'EISDIR') return 'it is a folder, not a file';
  if (code === 'EACCES') return 'this process may not read it';
  return message;
}

/** Says what the rules say: comments, spacing and the order of keys make no difference. */
function versionOf(rules: UserRules): string {
  return createHash('sha256').update(canonicalJson(rules)).digest('hex').slice(0, 12);
}

function isFaults(yaml: ParsedYaml | readonly RulesFault[]): yaml is readonly RulesFault[] {
  return Array.isArray(yaml);
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

/** `rules[1].match.labels.app`. */
function written(path: Path): string {
  return path
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`))
    .join('')
    .replace(/^\./, '');
}
