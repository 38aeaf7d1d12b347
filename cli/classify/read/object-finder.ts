import type { ParsedDocument } from '../parse/document.ts';
import type { Fault } from './fault.ts';
import { findObjects, type FoundObject } from './find-objects.ts';

/** An object and where it was found. */
export interface SourcedObject extends FoundObject {
  readonly source: string;
  readonly document: number;
  readonly line: number;
}

export type ObjectOrFault = { readonly object: SourcedObject } | { readonly fault: Fault };

/** Takes the documents of one source apart, in order. */
export interface ObjectFinder {
  take(document: ParsedDocument): readonly ObjectOrFault[];
  /** What was held back, or the fault of a source without documents. */
  finish(): readonly ObjectOrFault[];
}

export function createObjectFinder(source: string): ObjectFinder {
  let taken = 0;
  // The first line of a recording describes it and is no object, which only the second line tells.
  let header: Located | undefined;
  return {
    take({ number, line, content }) {
      taken += 1;
      const found = 'fault' in content ? content : findObjects(content.value);
      const located = { place: { source, document: number, line }, found };
      if (taken === 1 && isHeader(found)) {
        header = located;
        return [];
      }
      const before = header === undefined || isRecorded(found) ? [] : objectsAt(header);
      header = undefined;
      return [...before, ...objectsAt(located)];
    },
    finish() {
      if (taken === 0) return [{ fault: { source, message: 'is empty' } }];
      return header === undefined ? [] : objectsAt(header);
    },
  };
}

type Found = ReturnType<typeof findObjects>;

interface Located {
  readonly place: Omit<SourcedObject, keyof FoundObject>;
  readonly found: Found;
}

function objectsAt({ place, found }: Located): ObjectOrFault[] {
  if (Array.isArray(found)) return found.map((object) => ({ object: { ...object, ...place } }));
  return [{ fault: { ...place, message: found.fault } }];
}

function isHeader(found: Found): boolean {
  return Array.isArray(found) && found[0]?.kind === '' && found[0].path === '' && !('metadata' in found[0].value);
}

function isRecorded(found: Found): boolean {
  return Array.isArray(found) && found[0]?.change !== undefined;
}
