import { RE2JS } from 're2js';
import { ownerLabel } from '../run/pod-run-attributes.ts';
import { cut } from '../verdict/values/text.ts';
import type { RuleSubject } from './compiled-rules.ts';
import { compileGlob } from './text/glob.ts';
import type { RuleMatch } from './user-rules.ts';

/** One thing a rule asks for. `explain` says what `holds` found. */
export interface Condition {
  readonly holds: (subject: RuleSubject) => boolean;
  readonly explain: (subject: RuleSubject, held: boolean) => string;
}

const shownCharacters = 100;
const shownItems = 4;

/** Everything a rule asks for, in the order it is looked at; cheap things first. Empty when it takes every pod. */
export function compileConditions(match: RuleMatch): readonly Condition[] {
  const { namespaces, labels = {}, owner, name, image, causes } = match;
  return [
    ...(namespaces === undefined ? [] : [inNamespaces(namespaces)]),
    ...Object.entries(labels).map(hasLabel),
    ...(owner === undefined ? [] : [hasOwner(owner)]),
    ...(causes === undefined ? [] : [hasCause(causes)]),
    ...(name === undefined ? [] : [hasName(name)]),
    ...(image === undefined ? [] : [hasImage(image)]),
  ];
}

function inNamespaces(globs: readonly string[]): Condition {
  const compiled = globs.map((text) => ({ text, fits: compileGlob(text) }));
  return {
    holds: ({ snapshot }) => compiled.some(({ fits }) => fits(snapshot.namespace)),
    explain: ({ snapshot }) => {
      const namespace = shown(snapshot.namespace);
      const fitting = compiled.find(({ fits }) => fits(snapshot.namespace));
      if (fitting !== undefined) return `namespace "${fitting.text}" fits ${namespace}`;
      return `namespace ${anyOf(globs.map((glob) => `"${glob}"`))} does not fit ${namespace}`;
    },
  };
}

function hasLabel([key, glob]: readonly [string, string]): Condition {
  const fits = compileGlob(glob);
  const valueIn = (labels: Readonly<Record<string, string>>) => (Object.hasOwn(labels, key) ? labels[key] : undefined);
  return {
    holds: ({ snapshot }) => {
      const value = valueIn(snapshot.labels);
      return value !== undefined && fits(value);
    },
    explain: ({ snapshot }, held) => {
      const value = valueIn(snapshot.labels);
      if (value !== undefined) return `label ${key} "${glob}" ${fit(held)} "${shown(value)}"`;
      // Labels of a very large pod are left out of its snapshot; then nobody can say that this one is not there.
      const cutLabels = snapshot.truncated?.find((entry) => entry.startsWith('labels'));
      return `label ${key} is not there${cutLabels === undefined ? '' : ` (the snapshot was cut: ${cutLabels})`}`;
    },
  };
}

function hasOwner(glob: string): Condition {
  const fits = compileGlob(glob);
  return {
    holds: ({ snapshot }) => fits(ownerLabel(snapshot)),
    explain: ({ snapshot }, held) => `owner "${glob}" ${fit(held)} ${shown(ownerLabel(snapshot))}`,
  };
}

function hasName(text: string): Condition {
  const pattern = RE2JS.compile(text);
  return {
    holds: ({ snapshot }) => pattern.test(snapshot.name),
    explain: ({ snapshot }, held) => `name "${text}" ${held ? 'is' : 'is not'} found in ${shown(snapshot.name)}`,
  };
}

function hasImage(text: string): Condition {
  const pattern = RE2JS.compile(text);
  const found = ({ image }: { readonly image?: string }) => image !== undefined && pattern.test(image);
  return {
    holds: ({ snapshot }) => snapshot.containers.some(found),
    explain: ({ snapshot: { containers } }) => {
      const container = containers.find(found);
      if (container !== undefined) {
        return `image "${text}" is found in ${shown(container.image ?? '')} (container ${shown(container.name)})`;
      }
      const images = containers.flatMap(({ image }) => (image === undefined ? [] : [shown(image)]));
      return `image "${text}" is not found in ${images.length === 0 ? 'any image: none is known' : anyOf(images)}`;
    },
  };
}

function hasCause(causes: NonNullable<RuleMatch['causes']>): Condition {
  const wanted: ReadonlySet<string> = new Set(causes);
  return {
    holds: ({ verdict }) => verdict.findings.some(({ cause }) => wanted.has(cause)),
    explain: ({ verdict }) => {
      const found = [...new Set(verdict.findings.map(({ cause }) => cause))];
      const hits = found.filter((cause) => wanted.has(cause));
      if (hits.length > 0) return `cause ${hits.join(', ')} is found`;
      const instead = found.length === 0 ? 'nothing is' : `${found.join(', ')} ${found.length === 1 ? 'is' : 'are'}`;
      return `cause ${anyOf(causes)} is not found; ${instead}`;
    },
  };
}

function fit(held: boolean): string {
  return held ? 'fits' : 'does not fit';
}

/** Text of the cluster, fit to be printed. */
function shown(text: string): string {
  return cut(text, shownCharacters);
}

function anyOf(items: readonly string[]): string {
  const more = items.length - shownItems;
  const listed = items.slice(0, shownItems).join(' or ');
  return more > 0 ? `${listed} or ${more} more` : listed;
}
