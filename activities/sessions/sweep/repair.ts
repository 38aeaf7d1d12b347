import type { SweptPod, SweptRun } from '../../../domain/sessions/sweep/plan-sweep.ts';
import { isAlive } from '../pods/owned-pod.ts';
import type { SweepDependencies } from './dependencies.ts';
import type { ListedPod } from './list-session-pods.ts';
import { sessionInputOf } from './session-input-of.ts';
import type { SweptRuns } from './session-runs.ts';

/** A pod to be compared with its run, as it was listed. */
export interface SweepCandidate extends SweptPod {
  readonly listed: ListedPod;
}

export type Repair = 'adopted' | 'deleted' | 'pod_gone' | 'slot_freed';

/** The repairs of a sweep. Each looks once more, not at lists, and answers null when nothing was wrong. */
export function createRepairs(dependencies: SweepDependencies, runs: SweptRuns, signal: AbortSignal) {
  const { pods, logger, metrics, admission } = dependencies;
  const remove = async (pod: SweepCandidate, why: string): Promise<Repair | null> => {
    const { namespace, name, uid } = pod;
    logger.warn({ namespace, podUid: uid, why }, 'a session pod is removed');
    if ((await pods.delete({ namespace, name, uid, signal })) === 'gone') return null;
    metrics.sessionPodDeletions.inc({ reason: 'leftover' });
    return 'deleted';
  };
  return {
    forged: (pod: SweepCandidate) => remove(pod, 'its owner annotation is not valid'),
    orphan: async (pod: SweepCandidate): Promise<Repair | null> => {
      if (await runs.isOpen(pod.key)) return null;
      await runs.adopt(sessionInputOf(pod.listed, dependencies));
      logger.warn({ namespace: pod.namespace, podUid: pod.uid }, 'a session pod had no run and got one');
      return 'adopted';
    },
    superseded: async (pod: SweepCandidate): Promise<Repair | null> => {
      const { incarnation } = await runs.status(pod.key);
      // Incarnations only grow: a lower one is never routed to or taken over again.
      return pod.incarnation < incarnation ? await remove(pod, 'its session has a newer pod') : null;
    },
    podless: async ({ key }: SweptRun): Promise<Repair | null> => {
      if (!(await runs.isOpen(key))) return null;
      const { phase, pod } = await runs.status(key);
      if (phase !== 'Ready' || pod === null) return null;
      const { namespace, name, uid } = pod;
      const present = await pods.get({ namespace, name, signal });
      if (present?.metadata?.uid === uid && isAlive(present)) return null;
      await runs.podGone(key, uid);
      return 'pod_gone';
    },
    slot: async ({ key, runId }: { readonly key: string; readonly runId: string }): Promise<Repair | null> => {
      if (await runs.isOpen(key)) return null;
      const released = await admission.release(key, runId);
      if (!released.ok) throw new Error(released.reason);
      return released.value ? 'slot_freed' : null;
    },
  };
}
