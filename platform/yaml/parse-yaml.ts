import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseAllDocuments,
  visit,
  type YAMLMap,
} from 'yaml';
import { wholeFile, type YamlFault } from './yaml-fault.ts';

export type Path = readonly PropertyKey[];

export interface ParsedYaml {
  readonly value: unknown;
  /** Where the value at this path is written, or the nearest thing around it; `key` points at the key instead. */
  readonly locate: (path: Path, what?: 'key') => { readonly line: number; readonly column: number };
}

/** How often one anchor may be used; what aliases unfold to is bounded by `maxValues`. */
const maxAliasCount = 1000;
/** More than 200 rules or 50 classes of an ordinary kind hold; stops a file whose aliases unfold to billions. */
const maxValues = 50_000;
/** One syntax error often makes the parser see many more. */
const maxSyntaxFaults = 10;

/** What messages about a file as a whole say of it. */
export interface YamlFileWords {
  /** What is in it: `rules`. */
  readonly content: string;
  /** The smallest file there can be. */
  readonly least: string;
}

/** Parses one YAML 1.2 document. Gives the faults instead when it is none, or not one. */
export function parseYaml(text: string, words: YamlFileWords): ParsedYaml | readonly YamlFault[] {
  const lineCounter = new LineCounter();
  const at = (offset: number) => {
    const { line, col } = lineCounter.linePos(offset);
    return { line, column: col };
  };
  try {
    // Repeated keys are looked for below: the package compares each key with each other one.
    const parsed = parseAllDocuments(text, { schema: 'core', uniqueKeys: false, logLevel: 'error', lineCounter });
    const [document, second] = Array.isArray(parsed) ? (parsed as Document.Parsed[]) : [];
    if (document === undefined) return [wholeFile(`the file is empty; the least is ${words.least}`)];
    const faults = [...syntaxFaults(document), ...(document.errors.length > 0 ? [] : nodeFaults(document))];
    if (second !== undefined) {
      const message = `a second document begins here (---); write all ${words.content} into one`;
      faults.push({ offset: second.range[0], message });
    }
    faults.sort((one, other) => one.offset - other.offset);
    if (faults.length > 0) return faults.map(({ offset, message }) => ({ ...at(offset), path: '', message }));
    const value = document.toJS({ maxAliasCount }) as unknown;
    if (!hasAtMost(maxValues, value)) return [wholeFile(`the file unfolds to more than ${maxValues} values`)];
    return { value, locate: (path, what) => at(offsetOf(document, path, what)) };
  } catch (error) {
    return [wholeFile(reasonOf(error))];
  }
}

interface OffsetFault {
  readonly offset: number;
  readonly message: string;
}

const tooDeep = 'the file is nested too deeply';

function reasonOf(error: unknown): string {
  if (error instanceof RangeError) return tooDeep;
  const message = error instanceof Error ? error.message : String(error);
  return message.startsWith('Excessive alias count')
    ? `the file uses aliases more than ${maxAliasCount} times`
    : message;
}

function syntaxFaults({ errors }: Document.Parsed): OffsetFault[] {
  const deep = errors.find(({ message }) => message.startsWith('Maximum call stack'));
  if (deep !== undefined) return [{ offset: deep.pos[0], message: tooDeep }];
  return errors.slice(0, maxSyntaxFaults).map(({ pos, message }) => {
    // The first line of the message; it goes on with an excerpt.
    const [first = ''] = message.split('\n', 1);
    const reason = first.replace(/ at line \d+, column \d+:?$/, '');
    return { offset: pos[0], message: `is not YAML: ${reason}${hintOn(reason)}` };
  });
}

function hintOn(reason: string): string {
  if (/alias/i.test(reason)) return quoteStar;
  return /flow/i.test(reason) ? ' (within [ ] and { } a text with "{" must be in quotes)' : '';
}

const quoteStar = ' (a text that begins with "*" must be in quotes)';

/** What the parser lets pass: keys given twice, and aliases of nothing, which are globs that lack their quotes. */
function nodeFaults(document: Document.Parsed): OffsetFault[] {
  const faults: OffsetFault[] = [];
  const anchors = new Set<string>();
  visit(document, {
    Node(_, node) {
      const offset = node.range?.[0] ?? 0;
      if (isAlias(node)) {
        if (!anchors.has(node.source))
          faults.push({ offset, message: `*${node.source} refers to nothing${quoteStar}` });
        return;
      }
      if (node.anchor !== undefined) anchors.add(node.anchor);
      if (isMap(node)) faults.push(...repeatedKeys(node));
    },
  });
  return faults;
}

function repeatedKeys({ items }: YAMLMap): OffsetFault[] {
  const seen = new Set<unknown>();
  return items.flatMap(({ key }) => {
    if (!isScalar(key)) return [];
    const repeated = seen.has(key.value);
    seen.add(key.value);
    return repeated ? [{ offset: key.range?.[0] ?? 0, message: `key "${String(key.value)}" is given twice` }] : [];
  });
}

/** Counts what aliases share wherever it is used. */
function hasAtMost(limit: number, value: unknown): boolean {
  const waiting = [value];
  for (let count = 0; waiting.length > 0; count += 1) {
    if (count === limit) return false;
    const next = waiting.pop();
    if (typeof next === 'object' && next !== null) for (const child of Object.values(next)) waiting.push(child);
  }
  return true;
}

function offsetOf(document: Document.Parsed, path: Path, what: 'key' | undefined): number {
  let node: unknown = document.contents;
  let offset = offsetOfNode(document.contents) ?? 0;
  for (const [index, step] of path.entries()) {
    const holder = isAlias(node) ? node.resolve(document) : node;
    if (isMap(holder)) {
      const pair = holder.items.find(({ key }) => isScalar(key) && key.value === step);
      if (pair === undefined) break;
      const wantsKey = (what === 'key' && index === path.length - 1) || pair.value === null;
      node = pair.value;
      offset = offsetOfNode(wantsKey ? pair.key : (pair.value ?? pair.key)) ?? offset;
    } else if (isSeq(holder) && typeof step === 'number') {
      node = holder.items[step];
      offset = offsetOfNode(node) ?? offset;
    } else break;
  }
  return offset;
}

function offsetOfNode(node: unknown): number | undefined {
  return (node as Node | null | undefined)?.range?.[0];
}

/** Whether the text could not be parsed. */
export function isFaults(yaml: ParsedYaml | readonly YamlFault[]): yaml is readonly YamlFault[] {
  return Array.isArray(yaml);
}
