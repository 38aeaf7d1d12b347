import { type Fields, fieldsOf } from '../../../domain/pods/snapshot/projection/reader.ts';

/** One Kubernetes object of a document. */
export interface FoundObject {
  readonly value: Fields;
  /** Where it is in the document: empty, or `items[3]`. */
  readonly path: string;
  /** Its own kind, or the one its list implies; empty when neither says. */
  readonly kind: string;
  /** Set when it came as a change: a line of a recording or of `--output-watch-events`. */
  readonly change?: { readonly type: string; readonly at?: string };
}

/** Takes lists and watch events apart. A value that holds no objects at all gives a fault. */
export function findObjects(value: unknown): FoundObject[] | { readonly fault: string } {
  if (Array.isArray(value)) return value.map((item, index) => found(item, { path: `[${index}]` }));
  if (typeof value !== 'object' || value === null) return { fault: `is no Kubernetes object but ${describe(value)}` };
  const fields = fieldsOf(value);
  const kind = textOf(fields.kind);
  if (kind === 'List' || kind.endsWith('List')) return listItems(fields, kind);
  if (kind === '' && typeof fields.type === 'string' && typeof fields.object === 'object') {
    const at = textOf(fields.at);
    const change = { type: fields.type, ...(at === '' ? {} : { at }) };
    return [{ ...found(fields.object, { path: 'object' }), change }];
  }
  return [found(value, { path: '' })];
}

function listItems(list: Fields, kind: string): FoundObject[] | { readonly fault: string } {
  const { items } = list;
  if (items === null || items === undefined) return [];
  if (!Array.isArray(items)) return { fault: 'items is not a list' };
  const implied = kind.slice(0, -'List'.length);
  return items.map((item, index) => found(item, { path: `items[${index}]`, implied }));
}

function found(
  value: unknown,
  { path, implied = '' }: { readonly path: string; readonly implied?: string },
): FoundObject {
  const fields = fieldsOf(value);
  return { value: fields, path, kind: textOf(fields.kind) || implied };
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function describe(value: unknown): string {
  return value === null ? 'null' : typeof value === 'string' ? 'plain text' : `a ${typeof value}`;
}
