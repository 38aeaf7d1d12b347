import type { KnownObject } from '../types.ts';
import type { Identity } from './identity.ts';
import { isOlder } from './versions.ts';

/** The caller's map of known objects, with an index by name. All strings are shared between the two. */
export interface KnownObjects {
  readonly size: number;
  get(uid: string): KnownObject | undefined;
  uids(): IterableIterator<string>;
  /** The UID that holds this name, as far as known. */
  holderOf(identity: KnownObject): string | undefined;
  /** Takes in a version of an object. An older version than the known one changes nothing (see `replace`). */
  put(identity: Identity): void;
  /** As `put`, but whatever the versions say: the list is right even where it seems older (a restored etcd). */
  replace(identity: Identity): void;
  remove(uid: string): void;
}

/** `onSizeChange` is told by how much, for the gauge. */
export function indexKnownObjects(
  known: Map<string, KnownObject>,
  onSizeChange: (difference: number) => void,
): KnownObjects {
  const byNamespace = new Map<string, { readonly namespace: string; readonly uids: Map<string, string> }>();

  const namesIn = (namespace: string) => {
    let names = byNamespace.get(namespace);
    if (names === undefined) byNamespace.set(namespace, (names = { namespace, uids: new Map() }));
    return names;
  };
  const claimName = (uid: string, { namespace, name, version }: KnownObject) => {
    const names = namesIn(namespace);
    const holder = names.uids.get(name);
    const held = holder === undefined ? undefined : known.get(holder);
    if (holder === undefined || held === undefined || !isOlder(version, held.version)) names.uids.set(name, uid);
    return names.namespace;
  };

  for (const [uid, object] of known) {
    // Entries the caller parsed one by one each bring their own copy of the namespace's name.
    known.set(uid, { ...object, namespace: claimName(uid, object) });
  }
  onSizeChange(known.size);

  const replace = ({ uid, namespace, name, version }: Identity) => {
    const before = known.get(uid);
    if (before !== undefined) {
      known.set(uid, { namespace: before.namespace, name: before.name, version });
      return;
    }
    known.set(uid, { namespace: claimName(uid, { namespace, name, version }), name, version });
    onSizeChange(1);
  };

  return {
    get size() {
      return known.size;
    },
    get: (uid) => known.get(uid),
    uids: () => known.keys(),
    holderOf: ({ namespace, name }) => byNamespace.get(namespace)?.uids.get(name),
    put(identity) {
      const before = known.get(identity.uid);
      if (before === undefined || !isOlder(identity.version, before.version)) replace(identity);
    },
    replace,
    remove(uid) {
      const object = known.get(uid);
      if (object === undefined) return;
      known.delete(uid);
      onSizeChange(-1);
      const names = byNamespace.get(object.namespace);
      if (names?.uids.get(object.name) === uid) names.uids.delete(object.name);
      if (names?.uids.size === 0) byNamespace.delete(object.namespace);
    },
  };
}
