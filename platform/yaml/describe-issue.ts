import type { z } from 'zod';
import { suggestion } from '../../domain/pods/rules/text/nearest.ts';
import type { Path } from './parse-yaml.ts';

type Issue = z.core.$ZodIssue;

/** What is wrong at one place; `key` when it is the key and not its value. */
export interface DescribedIssue {
  readonly path: Path;
  readonly at?: 'key';
  /** Continues the path: `is missing`. */
  readonly message: string;
}

/** What only those know who know the file's format. */
export interface IssueHints {
  /** The keys there are at a place, for suggestions. */
  readonly keysAt: (path: Path) => readonly string[];
  /** Ends the message that a value is missing or empty. */
  readonly emptyForm?: (path: Path) => string;
  /** Said instead of a long list of words. */
  readonly longList: string;
}

const shownWords = 8;

/** Says in plain words what an issue of zod is about; one issue may be about several places. */
export function describeIssue(issue: Issue, hints: IssueHints): readonly DescribedIssue[] {
  const { path } = issue;
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({
        path: [...path, key],
        at: 'key' as const,
        message: `there is no such key here${suggestion(key, hints.keysAt(path))}`,
      }));
    case 'invalid_type':
      return [{ path, message: typeMessage(issue.input, issue.expected, hints.emptyForm?.(path) ?? '') }];
    case 'invalid_value':
      return [{ path, message: valueMessage(issue.input, issue.values.map(String), hints.longList) }];
    case 'too_small':
      return [{ path, message: 'is empty; leave it out' }];
    case 'too_big':
      return [
        { path, message: `has more than ${issue.maximum} ${issue.origin === 'string' ? 'characters' : 'entries'}` },
      ];
    case 'invalid_key':
      return [{ path, at: 'key', message: issue.issues[0]?.message ?? issue.message }];
    default:
      return [{ path, message: issue.message }];
  }
}

const kinds: Readonly<Record<string, string>> = {
  string: 'a text',
  array: 'a list',
  record: 'a mapping (key: value)',
  object: 'a mapping (key: value)',
  boolean: 'true or false',
  number: 'a number',
};

function typeMessage(input: unknown, expected: string, orEmpty: string): string {
  const wanted = kinds[expected] ?? expected;
  if (input === undefined) return `is missing; it has to be ${wanted}${orEmpty}`;
  if (input === null) return `is empty; it has to be ${wanted}${orEmpty}`;
  if (expected === 'string' && typeof input !== 'object') {
    return `is not a text but ${typeof input === 'boolean' ? 'true or false' : 'a number'}; put it in quotes`;
  }
  const given = Array.isArray(input)
    ? 'a list'
    : typeof input === 'object'
      ? 'a mapping'
      : JSON.stringify(input).slice(0, 60);
  return `is ${given}, but has to be ${wanted}`;
}

function valueMessage(input: unknown, words: readonly string[], longList: string): string {
  const [only] = words;
  if (input === undefined) return `is missing; it has to be ${words.join(' or ')}`;
  const given = JSON.stringify(input).slice(0, 60);
  if (words.length === 1) return `is ${given}, but has to be ${String(only)}`;
  const hint = typeof input === 'string' ? suggestion(input, words) : '';
  const all = words.length > shownWords ? longList : `there are ${words.join(', ')}`;
  return `${given} is unknown${hint === '' ? `; ${all}` : hint}`;
}
