import type { PodSnapshot } from '../../../domain/pods/snapshot/pod-snapshot.ts';
import { snapshotDigest } from '../../../domain/pods/snapshot/snapshot-digest.ts';

/** What the watch remembers of each pod between two changes: little, because there may be 150,000 of them. */
export interface PodFacts {
  /** Compares a snapshot with what is remembered and remembers it. */
  assess(snapshot: PodSnapshot, isNew: boolean): Assessment;
  forget(uid: string): void;
  /** Whether it was assessed and not forgotten since. */
  has(uid: string): boolean;
}

interface Assessment {
  /** Nothing in the snapshot differs from the last one. */
  readonly unchanged: boolean;
  /** First appearance, or a container ended since that nobody asked to: not to be held back. */
  readonly urgent: boolean;
}

export function createPodFacts(): PodFacts {
  const facts = new Map<string, { readonly digest: string; readonly ends: number }>();
  return {
    assess(snapshot, isNew) {
      const known = facts.get(snapshot.uid);
      const digest = snapshotDigest(snapshot);
      if (known?.digest === digest) return { unchanged: true, urgent: false };
      const ends = endsOf(snapshot);
      facts.set(snapshot.uid, { digest, ends });
      const asked = snapshot.deletionTimestamp !== undefined;
      return { unchanged: false, urgent: (isNew && known === undefined) || (ends > (known?.ends ?? 0) && !asked) };
    },
    forget: (uid) => void facts.delete(uid),
    has: (uid) => facts.has(uid),
  };
}

/** Grows with every container end, restarted or not, and when the pod fails. */
function endsOf({ containers, phase }: PodSnapshot): number {
  let ends = phase === 'Failed' ? 1 : 0;
  for (const { status } of containers) {
    ends += (status?.restartCount ?? 0) + (status?.state?.kind === 'terminated' ? 1 : 0);
  }
  return ends;
}
