import type { ParsedDocument, UnnumberedDocument } from './document.ts';
import { parseJsonDocuments } from './parse-json.ts';
import { parseYamlDocuments } from './parse-yaml.ts';

/** Text that looks like JSON and is none is tried as YAML up to this length: nobody writes more in flow style. */
const maxGuessLength = 1024 * 1024;

/**
 * Splits a text into its documents and reads each for itself, so that a broken one hides no other: JSON, JSON lines,
 * JSON documents one after the other (as `kubectl --watch -o json` prints them), YAML with one or many documents.
 * Empty documents are left out. Never throws.
 */
export function parseDocuments(text: string): ParsedDocument[] {
  const isJson = /^\s*[{[]/.test(text);
  if (!isJson || /^---(\s|$)/m.test(text)) return number(parseYamlDocuments(text));
  const json = parseJsonDocuments(text);
  if (text.length > maxGuessLength || json.some(isRead)) return number(json);
  // YAML may begin with a brace too. If it is no YAML either, what JSON says is the better message.
  const yaml = parseYamlDocuments(text);
  return number(yaml.every(isRead) ? yaml : json);
}

function isRead({ content }: UnnumberedDocument): boolean {
  return 'value' in content;
}

function number(documents: readonly UnnumberedDocument[]): ParsedDocument[] {
  return documents.map((document, index) => ({ number: index + 1, ...document }));
}
