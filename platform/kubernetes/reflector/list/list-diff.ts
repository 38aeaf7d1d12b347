import type { DeletedEvent, ReflectorEvent } from '../types.ts';
import { identityOf } from '../state/identity.ts';
import type { KnownObjects } from '../state/known-objects.ts';

export interface ListDiffInput<T> {
  readonly known: KnownObjects;
  readonly project: (object: unknown) => T;
  readonly listVersion: string;
}

/**
 * Compares one list, page by page, with what is known, and makes it known. Holds no object of the list, only the UIDs
 * that were known at its start and have not come up yet.
 */
export function createListDiff<T>({ known, project, listVersion }: ListDiffInput<T>) {
  const missing = new Set(known.uids());
  let count = 0;

  const inferDelete = (uid: string, receivedAtMs: number): DeletedEvent<T> | null => {
    const object = known.get(uid);
    missing.delete(uid);
    if (object === undefined) return null;
    known.remove(uid);
    const { namespace, name } = object;
    return { kind: 'deleted', uid, namespace, name, version: listVersion, receivedAtMs, inferred: true };
  };

  return {
    /** What one page changes. @throws MalformedAnswerError before anything of the page is taken in */
    *takePage(items: readonly unknown[], receivedAtMs: number): Generator<ReflectorEvent<T>> {
      const identities = items.map((item) => identityOf(item));
      count += items.length;
      for (const [index, identity] of identities.entries()) {
        const { uid, version } = identity;
        missing.delete(uid);
        const before = known.get(uid);
        if (before?.version === version) continue;
        const holder = before === undefined ? known.holderOf(identity) : undefined;
        const replaced = holder === undefined ? null : inferDelete(holder, receivedAtMs);
        if (replaced !== null) yield replaced;
        known.replace(identity);
        const kind = before === undefined ? 'added' : 'modified';
        yield { kind, ...identity, object: project(items[index]), receivedAtMs, fromList: true };
      }
    },
    /** What the whole list says by leaving it out; only after the last page. */
    *finish(receivedAtMs: number): Generator<DeletedEvent<T>> {
      for (const uid of missing) {
        const gone = inferDelete(uid, receivedAtMs);
        if (gone !== null) yield gone;
      }
    },
    /** Objects in the list so far. */
    get count() {
      return count;
    },
  };
}
