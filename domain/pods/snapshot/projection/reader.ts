import type { ProjectionLimits } from './limits.ts';

export type Fields = Readonly<Record<string, unknown>>;

const noFields: Fields = {};

/** The value's fields when it is an object, else none. */
export function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : noFields;
}

/** The value's items when it is an array, else none. */
export function itemsOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function integerOf(value: unknown): number | undefined {
  // + 0: JSON can say -0 but not write it, and a snapshot must come out of a payload as it went in.
  return typeof value === 'number' && Number.isSafeInteger(value) ? value + 0 : undefined;
}

/** An object under construction. */
export type Draft<T> = { -readonly [K in keyof T]: T[K] };

/** Reads untyped values within the limits of one projection and notes what it had to leave out. */
export class BoundedReader {
  readonly limits: ProjectionLimits;
  /** `labels dropped` → 12 */
  readonly #marks = new Map<string, number>();

  constructor(limits: ProjectionLimits) {
    this.limits = limits;
  }

  /** A text of at most `limit` units, cut at its end; undefined when the value is no text or empty. */
  text(value: unknown, limit: number, path: string): string | undefined {
    if (typeof value !== 'string' || value === '') return undefined;
    if (value.length <= limit) return value;
    this.note(path, 'cut');
    return head(value, limit);
  }

  word(value: unknown, path: string): string | undefined {
    return this.text(value, this.limits.word, path);
  }

  /** Free text, cut in the middle: runtimes put the cause at the end, the kubelet at the beginning. */
  message(value: unknown, path: string): string | undefined {
    const limit = this.limits.message;
    if (typeof value !== 'string' || value === '') return undefined;
    if (value.length <= limit) return value;
    this.note(path, 'cut');
    const kept = limit - 3;
    const tail = kept >> 1;
    return `${head(value, kept - tail)} … ${value.slice(value.length - tail).replace(/^[\uDC00-\uDFFF]/, '')}`;
  }

  /** The first `limit` items. */
  list(value: unknown, limit: number, path: string): readonly unknown[] {
    const items = itemsOf(value);
    if (items.length <= limit) return items;
    this.note(path, 'dropped', items.length - limit);
    return items.slice(0, limit);
  }

  /**
   * The first `limit` keys, sorted as the API server sends them, so that equal maps give equal text. Keys that are longer
   * than any real one are left out: cut, they would mean something else.
   */
  keys(
    fields: Fields,
    { limit, longest, path }: { readonly limit: number; readonly longest: number; readonly path: string },
  ): readonly string[] {
    const all = Object.keys(fields);
    const usable = all.filter((key) => key.length <= longest);
    const kept = usable.length > 1 ? usable.sort().slice(0, limit) : usable.slice(0, limit);
    if (kept.length < all.length) this.note(path, 'dropped', all.length - kept.length);
    return kept;
  }

  note(path: string, what: 'cut' | 'dropped', count = 1): void {
    const mark = `${path} ${what}`;
    this.#marks.set(mark, (this.#marks.get(mark) ?? 0) + count);
  }

  /** What was left out, e.g. `labels (12 dropped)`; undefined when nothing was. */
  marks(): readonly string[] | undefined {
    if (this.#marks.size === 0) return undefined;
    return [...this.#marks].map(([mark, count]) => mark.replace(' ', ` (${count} `) + ')');
  }
}

/** Never ends in half a surrogate pair. */
function head(value: string, length: number): string {
  return value.slice(0, length).replace(/[\uD800-\uDBFF]$/, '');
}
