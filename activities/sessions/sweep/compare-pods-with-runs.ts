import { planSweep } from '../../../domain/sessions/sweep/plan-sweep.ts';
import type { SweepResult } from '../../../domain/sessions/sweep/sweep-result.ts';
import { doWork } from '../do-work.ts';
import { countSessions } from './count-sessions.ts';
import type { SweepDependencies } from './dependencies.ts';
import type { ListedPod } from './list-session-pods.ts';
import { createRepairs, type Repair, type SweepCandidate } from './repair.ts';
import { createSweptRuns } from './session-runs.ts';
import type { SweepActivities } from './sweep-activities.ts';

/** More of one kind are left for the next sweep: a sweep ends before the next one is due. */
const defaultCasesPerKind = 200;
const atOnce = 8;
const shownReasons = 3;

/** Lists only name candidates; what is done follows from the run itself and from the API server. */
export function createComparePodsWithRuns(dependencies: SweepDependencies): SweepActivities['comparePodsWithRuns'] {
  const { cluster, client, metrics, logger, now = Date.now, casesPerKind = defaultCasesPerKind } = dependencies;
  return ({ cluster: asked }) =>
    doWork({ asked, served: cluster }, async (signal) => {
      const reach = createSweptRuns(client, cluster);
      // Runs first: one that is listed here and ends meanwhile is looked at again, a pod without its new run is too young.
      const runs = await reach.list(signal);
      const { pods, counted } = await countSessions({ ...dependencies, signal });
      metrics.sessionSlots.set(pods.filter(({ alive }) => alive).length);
      const plan = planSweep(pods.map(candidate), runs, now());
      const repairs = createRepairs(dependencies, reach, signal);
      const stale = await staleSlots(
        dependencies,
        new Set([...pods.map(({ view }) => view.key), ...runs.map(({ key }) => key)]),
      );

      const counts: Record<Repair, number> = { adopted: 0, deleted: 0, pod_gone: 0, slot_freed: 0 };
      const problems: string[] = [];
      let left = 0;
      const each = async <T>(cases: readonly T[], repair: (one: T) => Promise<Repair | null>): Promise<void> => {
        const chosen = shuffled(cases).slice(0, casesPerKind);
        left += cases.length - chosen.length;
        const next = chosen.values();
        const worker = async (): Promise<void> => {
          for (const one of next) {
            signal.throwIfAborted();
            try {
              const done = await repair(one);
              if (done === null) continue;
              counts[done] += 1;
              metrics.sessionOrphans.inc({ kind: done });
            } catch (error) {
              signal.throwIfAborted();
              problems.push(error instanceof Error ? error.message : String(error));
            }
          }
        };
        await Promise.all(Array.from({ length: atOnce }, worker));
      };
      await each(plan.forged, repairs.forged);
      await each(plan.orphans, repairs.orphan);
      await each(plan.superseded, repairs.superseded);
      await each(plan.podless, repairs.podless);
      await each(stale, repairs.slot);
      if (problems.length > 0)
        logger.warn({ problems: problems.length, reason: problems[0] }, 'a sweep could not look at all');
      if (plan.unknownKey.length > 0)
        logger.warn(
          { pods: plan.unknownKey.length },
          'session pods are signed with a key that is not among the signing keys',
        );
      return {
        pods: pods.length,
        runs: runs.length,
        adopted: counts.adopted,
        deleted: counts.deleted,
        podGone: counts.pod_gone,
        slotsFreed: counts.slot_freed,
        unknownKey: plan.unknownKey.length,
        left,
        problems: problems.length,
        reasons: [...new Set(problems)].slice(0, shownReasons).map(withoutKeys),
        uncounted: counted.ok ? null : counted.reason,
      } satisfies SweepResult;
    });
}

function candidate(listed: ListedPod): SweepCandidate {
  const { view, createdMs, alive, owner } = listed;
  const { key, incarnation, namespace, name, uid, deleting } = view;
  return { key, incarnation, namespace, name, uid, deleting, createdMs, alive, owner, listed };
}

/** Places that a run holds of whose session neither a pod nor an open run is listed. */
async function staleSlots({ admission }: SweepDependencies, known: ReadonlySet<string>) {
  const held = await admission.confirmed();
  return held.ok ? held.value.filter(({ key }) => !known.has(key)) : [];
}

/** So that a case which can't be repaired does not keep others waiting for ever. */
function shuffled<T>(items: readonly T[]): readonly T[] {
  return items
    .map((item) => ({ item, at: Math.random() }))
    .sort((one, other) => one.at - other.at)
    .map(({ item }) => item);
}

function withoutKeys(text: string): string {
  return text.replaceAll(/[a-z2-7]{26}/g, '…').slice(0, 300);
}
