import { jsonBytes } from '../pods/snapshot/json-bytes.ts';
import type { ReplayedOutcome, ReplayedRun, ReplayState } from './replay.ts';

/** Kept in state, and carried by continue-as-new whose input has to stay below 512 KB. */
export const replayedRunLimits = { count: 500, bytes: 256 * 1024 } as const;

/** What nobody has to look at again goes first. */
const firstToGo: readonly (readonly ReplayedOutcome[])[] = [
  ['fixed', 'unchanged', 'already-fixed', 'gone'],
  ['changed'],
  ['still-failing', 'error'],
];

/** What a replay heard of one run. `repeated`: this very answer was given before, so it counts only if it was not heard. */
export interface HeardRun {
  readonly run: ReplayedRun;
  readonly repeated: boolean;
}

/**
 * Takes the outcome of one run into the state. A run that could not be asked, and answered when it was met again, counts
 * once, with its answer.
 */
export function recordRun(state: ReplayState, { run, repeated }: HeardRun): ReplayState {
  const before = state.runs.find(({ workflowId, outcome }) => workflowId === run.workflowId && outcome === 'error');
  if (repeated && before === undefined) return state;
  const counts = { ...state.counts };
  counts[run.outcome] += 1;
  if (before !== undefined) counts[before.outcome] -= 1;
  const { kept, dropped } = keepWithinLimits([...state.runs.filter((other) => other !== before), run]);
  return { ...state, counts, runs: kept, runsDropped: state.runsDropped + dropped };
}

function keepWithinLimits(runs: readonly ReplayedRun[]) {
  const sizes = new Map(runs.map((run) => [run, jsonBytes(run) + 1]));
  let bytes = [...sizes.values()].reduce((sum, size) => sum + size, 0);
  const going = firstToGo.flatMap((outcomes) => runs.filter(({ outcome }) => outcomes.includes(outcome)));
  const gone = new Set<ReplayedRun>();
  for (const run of going) {
    if (runs.length - gone.size <= replayedRunLimits.count && bytes <= replayedRunLimits.bytes) break;
    gone.add(run);
    bytes -= sizes.get(run) ?? 0;
  }
  return { kept: runs.filter((run) => !gone.has(run)), dropped: gone.size };
}
