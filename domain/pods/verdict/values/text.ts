/** Cheap, for the many texts that have none of these: control characters and halves of surrogate pairs. */
const suspicious = /[^\u0020-\u007e\u00a0-\ud7ff\ue000-\uffff]/;
const unprintable = /[\p{Cc}\p{Cs}]+/gu;

/** At most `limit` characters without control characters or broken surrogates; a cut ends in an ellipsis. */
export function cut(text: string, limit: number): string {
  // Cut before cleaning, so that a hostile megabyte costs no more than a long line.
  const head = text.length > limit ? `${text.slice(0, limit - 1)}…` : text;
  return suspicious.test(head) ? head.replace(unprintable, ' ') : head;
}

/** `1 time`, `2 times`. */
export function count(amount: number, noun: string): string {
  return amount === 1 ? `1 ${noun}` : `${amount} ${noun}s`;
}
