import { parseDocuments } from '../parse/parse-documents.ts';
import { createObjectFinder, type ObjectOrFault } from './object-finder.ts';
import { type Bytes, openFiles } from './open-files.ts';
import { readText } from './read-text.ts';

/** All objects under a path, in order, and all faults, each in the place of what could not be read. */
export async function* readObjects(path: string, stdin: Bytes): AsyncGenerator<ObjectOrFault> {
  for await (const file of openFiles(path, stdin)) {
    const text = 'chunks' in file ? await readText(file) : file;
    if ('text' in text) yield* objectsOf(text);
    else yield { fault: text };
  }
}

/** The objects of one whole text. */
export function* objectsOf({
  source,
  text,
}: {
  readonly source: string;
  readonly text: string;
}): Generator<ObjectOrFault> {
  const finder = createObjectFinder(source);
  for (const document of parseDocuments(text)) yield* finder.take(document);
  yield* finder.finish();
}
