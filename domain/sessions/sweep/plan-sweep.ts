/** A pod with the labels of a session, as a sweep looks at it. */
export interface SweptPod {
  readonly key: string;
  readonly incarnation: number;
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly createdMs: number;
  /** Not on its way out, and not at its end. */
  readonly alive: boolean;
  /** On its way out. */
  readonly deleting: boolean;
  /** `unknown-key`: signed with a key that is not among ours. */
  readonly owner: 'ours' | 'forged' | 'unknown-key';
}

/** A run that is listed as open; lists lag, so it may have ended, and one that is not listed may be open. */
export interface SweptRun {
  readonly key: string;
  /** The pod it showed last; null before its first. */
  readonly podName: string | null;
}

/** What may be wrong, to be looked at one by one: a plan decides nothing. */
export interface SweepPlan<Pod extends SweptPod = SweptPod> {
  /** No open run is listed for the session of these: the highest pod of each session. */
  readonly orphans: readonly Pod[];
  /** Nobody of us made them. */
  readonly forged: readonly Pod[];
  /** The session's run may serve by another pod. */
  readonly superseded: readonly Pod[];
  /** Sessions whose run is listed, and no pod that lives. */
  readonly podless: readonly SweptRun[];
  /** Their keys of signing are not ours: left alone. */
  readonly unknownKey: readonly Pod[];
}

/** A pod that is younger may belong to a run that has just begun, or has just ended and is removing it. */
const youngMs = 120_000;

/** Compares pods and runs. `nowMs` is on the clock of the pods' creation times. */
export function planSweep<Pod extends SweptPod>(
  pods: readonly Pod[],
  runs: readonly SweptRun[],
  nowMs: number,
): SweepPlan<Pod> {
  const runOf = new Map(runs.map((run) => [run.key, run]));
  const old = pods.filter(({ createdMs, deleting }) => !deleting && nowMs - createdMs > youngMs);
  const ours = old.filter(({ owner }) => owner === 'ours');
  const highest = new Map<string, Pod>();
  for (const pod of ours) {
    if (pod.incarnation > (highest.get(pod.key)?.incarnation ?? 0)) highest.set(pod.key, pod);
  }
  const living = new Set(pods.filter(({ alive, owner }) => alive && owner !== 'forged').map(({ key }) => key));
  return {
    orphans: [...highest.values()].filter(({ key }) => !runOf.has(key)),
    forged: old.filter(({ owner }) => owner === 'forged'),
    superseded: ours.filter(({ key, name }) => {
      const run = runOf.get(key);
      return run !== undefined && run.podName !== name;
    }),
    podless: runs.filter(({ key }) => !living.has(key)),
    unknownKey: old.filter(({ owner }) => owner === 'unknown-key'),
  };
}
