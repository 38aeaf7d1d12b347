import type { PodSnapshot } from '../../snapshot/pod-snapshot.ts';
import { ownerLabel } from '../../run/pod-run-attributes.ts';
import { suggestion } from './nearest.ts';

/** A text with values of the pod in it: `app:${labels.app:-unknown}`. */
export interface Template {
  readonly text: string;
  readonly parts: readonly TemplatePart[];
}

export type TemplatePart = string | Variable;

export interface Variable {
  readonly of: (snapshot: PodSnapshot) => string | undefined;
  /** What it is, for a message: `label "team"`. */
  readonly what: string;
  /** As written: `${labels.team}`. */
  readonly written: string;
  readonly fallback: string | undefined;
}

/** A key of a Kubernetes label: an optional DNS name as prefix, and a name. */
export const labelKey = /^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?\/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;

const plain: Readonly<Record<string, (snapshot: PodSnapshot) => string>> = {
  namespace: ({ namespace }) => namespace,
  name: ({ name }) => name,
  owner: ownerLabel,
};
const variableNames = [...Object.keys(plain), 'labels'];

/** Parses a template once. Throws an Error that says what is wrong with it. */
export function parseTemplate(text: string): Template {
  const parts: TemplatePart[] = [];
  let rest = text;
  for (let start = rest.indexOf('${'); start !== -1; start = rest.indexOf('${')) {
    const end = rest.indexOf('}', start);
    if (end === -1) throw new Error(`"${rest.slice(start)}" is not closed: write \${name}`);
    if (start > 0) parts.push(rest.slice(0, start));
    parts.push(parseVariable(rest.slice(start, end + 1)));
    rest = rest.slice(end + 1);
  }
  if (rest !== '') parts.push(rest);
  return { text, parts };
}

function parseVariable(written: string): Variable {
  const inner = written.slice(2, -1);
  const [name = '', ...others] = inner.split(':-');
  const fallback = others.length === 0 ? undefined : others.join(':-');
  const known = Object.hasOwn(plain, name) ? plain[name] : undefined;
  if (known !== undefined) return { of: known, what: name, written, fallback };
  if (!name.startsWith('labels.')) {
    const hint = name === 'labels' ? '; write ${labels.app}' : suggestion(name, variableNames);
    throw new Error(`\${${name}} is unknown: there are \${labels.<key>}, \${namespace}, \${name} and \${owner}${hint}`);
  }
  const key = name.slice('labels.'.length);
  if (!labelKey.test(key)) throw new Error(`"${key}" in ${written} is not a label's key`);
  const of = ({ labels }: PodSnapshot) => (Object.hasOwn(labels, key) ? labels[key] : undefined);
  return { of, what: `label "${key}"`, written, fallback };
}

/** The text for one pod. Throws an Error that names the value when one is missing or empty and has no default. */
export function fillTemplate({ parts }: Template, snapshot: PodSnapshot): string {
  return parts.map((part) => (typeof part === 'string' ? part : valueOf(part, snapshot))).join('');
}

function valueOf({ of, what, written, fallback }: Variable, snapshot: PodSnapshot): string {
  const value = of(snapshot);
  if (value !== undefined && value !== '') return value;
  if (fallback !== undefined) return fallback;
  const state = value === undefined ? 'missing on this pod' : 'empty on this pod';
  throw new Error(`${what} is ${state}; write ${written.slice(0, -1)}:-none} to give it a default`);
}
