/** One document of a text, in order; either read or at fault. */
export interface ParsedDocument {
  /** From 1. */
  readonly number: number;
  /** The line it begins at, from 1. */
  readonly line: number;
  readonly content: { readonly value: unknown } | { readonly fault: string };
}

/** A part of a text that may be a document. */
export interface Piece {
  readonly text: string;
  readonly line: number;
}

export type UnnumberedDocument = Omit<ParsedDocument, 'number'>;
