import type { Fault } from './fault.ts';
import { findObjects, type FoundObject } from './find-objects.ts';
import { parseDocuments } from './parse-documents.ts';
import { readFiles, type TextSource } from './read-files.ts';

/** An object and where it was found. */
export interface SourcedObject extends FoundObject {
  readonly source: string;
  readonly document: number;
  readonly line: number;
}

export type ObjectOrFault = { readonly object: SourcedObject } | { readonly fault: Fault };

/** All objects under a path, in order, and all faults, each in the place of what could not be read. */
export async function* readObjects(
  path: string,
  stdin: AsyncIterable<Uint8Array | string>,
): AsyncGenerator<ObjectOrFault> {
  for await (const file of readFiles(path, stdin)) {
    if ('text' in file) yield* objectsOf(file);
    else yield { fault: file };
  }
}

function* objectsOf({ source, text }: TextSource): Generator<ObjectOrFault> {
  const documents = parseDocuments(text).map(({ number, line, content }) => ({
    place: { source, document: number, line },
    found: 'fault' in content ? content : findObjects(content.value),
  }));
  if (documents.length === 0) yield { fault: { source, message: 'is empty' } };
  const [first, second] = documents;
  const objects = isHeader(first?.found) && isRecorded(second?.found) ? documents.slice(1) : documents;
  for (const { place, found } of objects) {
    if ('fault' in found) yield { fault: { ...place, message: found.fault } };
    else for (const object of found) yield { object: { ...object, ...place } };
  }
}

type Found = ReturnType<typeof findObjects> | undefined;

/** The first line of a recording describes it and is no object. */
function isHeader(found: Found): boolean {
  return Array.isArray(found) && found[0]?.kind === '' && found[0].path === '' && !('metadata' in found[0].value);
}

function isRecorded(found: Found): boolean {
  return Array.isArray(found) && found[0]?.change !== undefined;
}
