import { decodeText } from '../parse/decode-text.ts';
import { parsePieceOrLines } from '../parse/parse-json.ts';
import { cutAtBraces } from './cut-at-braces.ts';
import { createObjectFinder, type ObjectOrFault } from './object-finder.ts';
import { type Bytes, type OpenedFile, openFiles, unreadable } from './open-files.ts';
import { objectsOf } from './read-objects.ts';
import { notText, readText } from './read-text.ts';

/**
 * As `readObjects`, but JSON documents that each begin on a line of their own (recordings) are read one by one, so that
 * memory does not grow with the file. Anything else is read whole.
 */
export async function* streamObjects(path: string, stdin: Bytes): AsyncGenerator<ObjectOrFault> {
  for await (const file of openFiles(path, stdin)) {
    if (!('chunks' in file)) {
      yield { fault: file };
      continue;
    }
    try {
      yield* streamFile(file);
    } catch (error) {
      yield { fault: { source: file.source, message: unreadable(error) } };
    }
  }
}

async function* streamFile({ source, chunks }: OpenedFile): AsyncGenerator<ObjectOrFault> {
  const pieces = cutAtBraces(chunks);
  const { value: first } = await pieces.next();
  if (first === undefined || !beginsWithJson(first)) {
    const text = await readText({ source, chunks: joined(first, pieces) });
    if ('text' in text) yield* objectsOf(text);
    else yield { fault: text };
    return;
  }
  const finder = createObjectFinder(source);
  let number = 0;
  let line = 1;
  for await (const piece of joined(first, pieces)) {
    const text = decodeText(piece);
    const documents = text === undefined ? [unread(line)] : text.trim() === '' ? [] : parsePieceOrLines({ text, line });
    for (const document of documents) yield* finder.take({ number: ++number, ...document });
    line += newlinesIn(piece);
  }
  yield* finder.finish();
}

/** Whether the first piece is JSON for sure; text that is YAML between markers may begin with a brace too. */
function beginsWithJson(piece: Uint8Array): boolean {
  const text = decodeText(piece);
  if (text === undefined || !/^\s*[{[]/.test(text) || /^---(\s|$)/m.test(text)) return false;
  const [document] = parsePieceOrLines({ text, line: 1 });
  return document !== undefined && 'value' in document.content;
}

async function* joined(first: Uint8Array | undefined, others: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  if (first !== undefined) yield first;
  yield* others;
}

function unread(line: number) {
  return { line, content: { fault: notText } };
}

function newlinesIn(bytes: Uint8Array): number {
  let count = 0;
  for (let at = bytes.indexOf(0x0a); at !== -1; at = bytes.indexOf(0x0a, at + 1)) count += 1;
  return count;
}
