import type { Cause } from '../../domain/pods/verdict/types.ts';
import { podFacts } from './pod-facts.ts';
import type { SeenPod } from '../scenarios/scenario.ts';
import type { Act } from './acts/acts.ts';
import type { DemoRun } from './runs.ts';

/** One thing that was caused, and whether the runs tell it. */
export interface Check {
  readonly ok: boolean;
  /** What was looked at, and what is wrong with it if something is. */
  readonly what: string;
}

export interface CheckInput {
  readonly acts: readonly Act[];
  /** What a watch of the demo's own has seen. */
  readonly pods: readonly SeenPod[];
  readonly runs: readonly DemoRun[];
}

/**
 * Compares what the runs tell with what is known to have happened: the acts know what they cause, and the demo's own
 * watch which pods there were. Nothing in here looks at a Pod the way the verdict engine does.
 */
export function checkDemo({ acts, pods, runs }: CheckInput): Check[] {
  return [...acts.flatMap((act) => checkAct(act, pods, runs)), checkNothingElse(pods, runs)];
}

function checkAct({ scenario }: Act, pods: readonly SeenPod[], runs: readonly DemoRun[]): Check[] {
  return Object.entries(scenario.incidents).flatMap(([role, causes]) => {
    const own = pods.filter((seen) => seen.role === role);
    if (own.length === 0) return [{ ok: false, what: `${role}: the cluster never showed this pod` }];
    return own.map((seen) => checkPod(seen, causes, runs));
  });
}

function checkPod(seen: SeenPod, causes: readonly Cause[], runs: readonly DemoRun[]): Check {
  const { name, uid, phase, restarts } = podFacts(seen);
  const own = runs.filter((run) => run.uid === uid);
  const [run] = own;
  if (run === undefined || own.length > 1) return { ok: false, what: `${name}: ${own.length} runs instead of 1` };
  const problems = [
    ...incidentProblems(run, causes),
    ...timelineProblems(run),
    ...(run.state.restarts === restarts ? [] : [`${run.state.restarts} restarts instead of ${restarts}`]),
    ...(seen.deleted && !isClosed(run) ? ['the pod is gone and its run does not say so'] : []),
    ...(!seen.deleted && run.state.gone ? ['the run says the pod is gone; it is there'] : []),
    ...(phase === 'Succeeded' && run.state.verdict?.health !== 'Completed'
      ? ['succeeded, and its run does not say so']
      : []),
  ];
  return {
    ok: problems.length === 0,
    what: `${name}: ${problems.length === 0 ? told(run, causes, seen) : problems.join('; ')}`,
  };
}

function incidentProblems({ timeline }: DemoRun, causes: readonly Cause[]): string[] {
  const seen = new Set(timeline.filter(({ incident }) => incident).map(({ primary }) => primary ?? 'an unnamed cause'));
  const missing = causes.filter((cause) => !seen.has(cause));
  const invented = [...seen].filter((cause) => !(causes as readonly string[]).includes(cause));
  return [
    ...missing.map((cause) => `${cause} was caused and not seen`),
    ...invented.map((cause) => `an incident of ${cause} that nobody caused`),
  ];
}

function timelineProblems({ timeline, state }: DemoRun): string[] {
  const versions = timeline.filter(({ operation }) => operation !== 'review').map(({ version }) => version);
  return [
    ...(new Set(versions).size === versions.length ? [] : ['a change is in its timeline twice']),
    ...(timeline.filter(({ operation }) => operation === 'add').length === 1
      ? []
      : ['it does not appear exactly once']),
    ...(state.failed === 0 ? [] : [`${state.failed} changes could not be classified`]),
  ];
}

function isClosed({ state, status }: DemoRun): boolean {
  return state.gone && status === 'COMPLETED' && state.operations.delete === 1;
}

function told({ state }: DemoRun, causes: readonly Cause[], { deleted }: SeenPod): string {
  const what = causes.length === 0 ? 'no incident, as it should be' : `${causes.join(', ')}, as caused`;
  const restarts = state.restarts === 0 ? '' : `, ${state.restarts} restart${state.restarts === 1 ? '' : 's'}`;
  return `${what}${restarts}${deleted ? '; deleted, and its run is closed' : ''}`;
}

function checkNothingElse(pods: readonly SeenPod[], runs: readonly DemoRun[]): Check {
  const uids = new Set(pods.map((seen) => podFacts(seen).uid));
  const strangers = runs.filter(({ uid }) => !uids.has(uid));
  return strangers.length === 0
    ? { ok: true, what: `${pods.length} pods, ${runs.length} runs: one each` }
    : { ok: false, what: `runs of pods that never were: ${strangers.map(({ workflowId }) => workflowId).join(', ')}` };
}
