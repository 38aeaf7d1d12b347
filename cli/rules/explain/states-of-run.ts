import { podLifecycleType } from '../../../workflows/pod-lifecycle.messages.ts';
import { findRuns } from '../../runs/find-runs.ts';
import { withTemporal } from '../../temporal-target.ts';
import type { StateOrFault } from '../states/recorded-states.ts';
import { askRun, statesOfRun } from '../states/run-states.ts';

/** The states of the newest run with this id, or of a pod `namespace/name`. Throws when there is none. */
export async function statesOfRunNamed(run: string, clock: () => Date): Promise<readonly StateOrFault[]> {
  return withTemporal(async (target) => {
    const [info] = await findRuns(target, run);
    if (info === undefined) {
      throw new Error(`There is no run "${run}". "podkeeper runs list" shows the runs there are.`);
    }
    if (info.type !== podLifecycleType)
      throw new Error(`"${run}" is a ${info.type}; rules apply to runs of pods only.`);
    const states = statesOfRun(await askRun(target.client, info), clock);
    if (states.length === 0) throw new Error(`The run "${run}" has not seen its pod yet: there is nothing to explain.`);
    return states;
  });
}
