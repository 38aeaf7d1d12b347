import { type Document, isScalar, LineCounter, parseAllDocuments, visit } from 'yaml';
import type { Piece, UnnumberedDocument } from './document.ts';

/** The parser takes about a second and 60 MiB of memory for a MiB. */
const maxYamlLength = 16 * 1024 * 1024;
/** Nodes that aliases may unfold to, per document and anchor: stops "billion laughs". */
const maxAliasCount = 100;

/** Reads YAML, document by document. */
export function parseYamlDocuments(text: string): UnnumberedDocument[] {
  if (text.length > maxYamlLength) {
    return [{ line: 1, content: { fault: 'is YAML of more than 16 MiB; JSON ("-o json") may have 256 MiB' } }];
  }
  return splitAtMarkers(text).flatMap(parsePiece);
}

/**
 * `---` at the start of a line ends a document whatever it is in, so a broken document can't take the next one with it.
 * https://yaml.org/spec/1.2.2/#914-explicit-documents
 */
function splitAtMarkers(text: string): Piece[] {
  const pieces: Piece[] = [];
  let line = 1;
  for (const part of text.split(/^(?=---(?:\s|$))/m)) {
    if (!isBlank(part)) pieces.push({ text: part, line });
    line += part.split('\n').length - 1;
  }
  return pieces;
}

/** Nothing but markers, comments and directives. */
function isBlank(text: string): boolean {
  return text.split('\n').every((line) => /^(---|\.\.\.)?\s*(#.*)?$/.test(line) || line.startsWith('%'));
}

function parsePiece(piece: Piece): UnnumberedDocument[] {
  const lineCounter = new LineCounter();
  try {
    const documents = parseAllDocuments(piece.text, {
      schema: 'core',
      merge: true,
      // The package compares each key with each other one: minutes for a hundred thousand. See `repeatedKey`.
      uniqueKeys: false,
      logLevel: 'error',
      lineCounter,
    });
    if (!Array.isArray(documents)) return [];
    return documents.map((document) => toDocument(document, piece, lineCounter));
  } catch (error) {
    return [{ line: piece.line, content: { fault: reasonOf(error) } }];
  }
}

function toDocument(document: Document.Parsed, piece: Piece, lineCounter: LineCounter): UnnumberedDocument {
  const line = piece.line + lineCounter.linePos(document.range[0]).line - 1;
  const [error] = document.errors;
  if (error !== undefined) {
    if (error.message.startsWith('Maximum call stack')) return { line, content: { fault: tooDeep } };
    const at = piece.line + (error.linePos?.[0].line ?? 1) - 1;
    // The message goes on with an excerpt of the text, on lines of its own.
    const reason = error.message.split('\n', 1)[0]?.replace(/ at line \d+, column \d+:?$/, '') ?? '';
    return { line, content: { fault: `is not YAML: line ${at}: ${reason}` } };
  }
  try {
    const repeated = repeatedKey(document);
    if (repeated !== undefined) {
      const at = piece.line + lineCounter.linePos(repeated.offset).line - 1;
      return { line, content: { fault: `is not YAML: line ${at}: key ${repeated.key} is given twice` } };
    }
    return { line, content: { value: document.toJS({ maxAliasCount }) as unknown } };
  } catch (cause) {
    return { line, content: { fault: reasonOf(cause) } };
  }
}

interface RepeatedKey {
  readonly key: string;
  readonly offset: number;
}

/** The first key that one mapping has twice: YAML forbids it, and which value was meant can't be known. */
function repeatedKey(document: Document.Parsed): RepeatedKey | undefined {
  let repeated: RepeatedKey | undefined;
  visit(document, {
    Map(_, { items }) {
      const keys = new Set<unknown>();
      for (const { key } of items) {
        if (!isScalar(key) || key.value === '<<') continue;
        if (keys.has(key.value)) {
          repeated = { key: String(key.value), offset: key.range?.[0] ?? 0 };
          return visit.BREAK;
        }
        keys.add(key.value);
      }
      return undefined;
    },
  });
  return repeated;
}

const tooDeep = 'is nested too deeply';

function reasonOf(error: unknown): string {
  const { name, message } = error as Error;
  return name === 'RangeError' ? tooDeep : `is not YAML: ${message}`;
}
