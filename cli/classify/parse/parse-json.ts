import type { Piece, UnnumberedDocument } from './document.ts';

/** Reads one JSON document, or several that each begin at the start of a line. */
export function parseJsonDocuments(text: string): UnnumberedDocument[] {
  const whole = parsePiece({ text, line: 1 });
  if ('value' in whole.content) return [whole];
  return splitAtBraces(text).flatMap(parsePieceOrLines);
}

/** A document begins wherever a line begins with a brace: members of an object are indented, or on the same line. */
function splitAtBraces(text: string): Piece[] {
  const pieces: Piece[] = [];
  let line = 1;
  for (const part of text.split(/\n(?=[{[])/)) {
    if (part.trim() !== '') pieces.push({ text: part, line });
    line += part.split('\n').length;
  }
  return pieces;
}

/** Reads a document and whatever follows it: a line of something else after a good document must not spoil it. */
export function parsePieceOrLines(piece: Piece): UnnumberedDocument[] {
  const whole = parsePiece(piece);
  if ('value' in whole.content) return [whole];
  const lines = piece.text.split('\n').map((text, index) => ({ text, line: piece.line + index }));
  const [first, ...others] = lines.filter(({ text }) => text.trim() !== '').map(parsePiece);
  return first !== undefined && 'value' in first.content ? [first, ...others] : [whole];
}

function parsePiece({ text, line }: Piece): UnnumberedDocument {
  try {
    return { line, content: { value: JSON.parse(text) as unknown } };
  } catch (error) {
    // The message ends with a position inside the piece; the line of the document is told beside it.
    const reason = (error as Error).message.replace(/ \(line \d+ column \d+\)$/, '');
    return { line, content: { fault: `is not JSON: ${reason}` } };
  }
}
