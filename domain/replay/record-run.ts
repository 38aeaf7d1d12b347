import { jsonBytes } from '../pods/snapshot/json-bytes.ts';
import { type ReplayedOutcome, replayedOutcomes, type ReplayedRun, type ReplayState } from './replay.ts';

/** Kept in state, and carried by continue-as-new whose input has to stay below 512 KB. */
export const replayedRunLimits = { count: 500, bytes: 256 * 1024 } as const;

/** What nobody has to look at again goes first. */
const firstToGo: readonly (readonly ReplayedOutcome[])[] = [
  ['fixed', 'unchanged', 'already-fixed', 'gone'],
  ['changed', 'lost'],
  ['still-failing', 'error'],
];

/** What a replay heard of one run. `repeated`: this very answer was given before, so it counts only if it was not heard. */
export interface HeardRun {
  readonly run: ReplayedRun;
  readonly repeated: boolean;
}

/**
 * Takes the outcome of one run into the state. A run that is met again, because it closed or continued as new meanwhile,
 * counts once: with its first answer, or when it could not be asked then, with its later one. Throws a TypeError for an
 * outcome nobody knows: a worker of another version may answer anything.
 */
export function recordRun(state: ReplayState, { run, repeated }: HeardRun): ReplayState {
  if (!replayedOutcomes.includes(run.outcome)) throw new TypeError(`"${run.outcome}" is no outcome of a replay`);
  const before = state.runs.find(({ workflowId }) => workflowId === run.workflowId);
  if (before === undefined ? repeated : before.outcome !== 'error') return state;
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
