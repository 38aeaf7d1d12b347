/**
 * Which pods carry which address, as far as the watch has shown. A pod carries its address until its deletion was seen
 * (or a list did not show it any more) or its last container has ended: from then on it answers nothing, and the network may
 * give the address to another pod. While two pods carry one address, it is not known which of them answers there.
 */
export interface Addresses {
  /** The pod carries this address from now on, and no other; empty: none. */
  carry(uid: string, address: string): void;
  /** Whether no other pod carries it. */
  isOnlyOn(address: string, uid: string): boolean;
}

export function createAddresses(): Addresses {
  const carriers = new Map<string, Set<string>>();
  const addresses = new Map<string, string>();
  return {
    carry(uid, address) {
      const before = addresses.get(uid) ?? '';
      if (before === address) return;
      if (before !== '') {
        const uids = carriers.get(before);
        uids?.delete(uid);
        if (uids?.size === 0) carriers.delete(before);
      }
      if (address === '') {
        addresses.delete(uid);
        return;
      }
      addresses.set(uid, address);
      const uids = carriers.get(address);
      if (uids === undefined) carriers.set(address, new Set([uid]));
      else uids.add(uid);
    },
    isOnlyOn(address, uid) {
      const uids = carriers.get(address);
      return uids === undefined || (uids.size === 1 && uids.has(uid));
    },
  };
}
