/** The word that was probably meant, or undefined when none is near. Case counts for nothing. */
export function nearest<T extends string>(text: string, words: readonly T[]): T | undefined {
  const allowed = Math.max(2, Math.floor(text.length / 3));
  let best: { readonly word: T; readonly distance: number } | undefined;
  for (const word of words) {
    const distance = editDistance(text.toLowerCase(), word.toLowerCase());
    if (distance <= allowed && (best === undefined || distance < best.distance)) best = { word, distance };
  }
  return best?.word;
}

/** `; did you mean X?`, or nothing. */
export function suggestion(text: string, words: readonly string[]): string {
  const word = text.length > 64 ? undefined : nearest(text, words);
  return word === undefined ? '' : `; did you mean ${word}?`;
}

/** How many characters to insert, remove or replace (Levenshtein). */
function editDistance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (const [index, character] of Array.from(one).entries()) {
    const next = [index + 1];
    for (const [column, wanted] of Array.from(other).entries()) {
      const replaced = (row[column] ?? 0) + (character === wanted ? 0 : 1);
      next.push(Math.min(replaced, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
