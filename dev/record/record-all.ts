import { createKubernetesApi } from '../kubernetes/api.ts';
import type { Scenario } from '../scenarios/scenario.ts';
import type { Report } from '../shared/report.ts';
import { recordScenario } from './record-scenario.ts';

/** Scenarios mostly wait; more at once would make a small machine slow enough to be seen in the recordings. */
const concurrency = 6;

/** Records these scenarios, a few at once, and returns how many failed; one that fails does not stop the others. */
export async function recordAll(input: {
  readonly scenarios: readonly Scenario[];
  readonly kubeconfig: string;
  readonly folder: string;
  readonly report: Report;
  readonly signal: AbortSignal;
}): Promise<number> {
  const { report, folder, signal } = input;
  const api = await createKubernetesApi(input.kubeconfig);
  const { gitVersion: kubernetesVersion } = (await api.call({ path: '/version' })) as { gitVersion: string };
  const waiting = [...input.scenarios];
  let failed = 0;
  const recordNext = async (): Promise<void> => {
    for (let scenario = waiting.shift(); scenario !== undefined; scenario = waiting.shift()) {
      signal.throwIfAborted();
      const { name } = scenario;
      const started = Date.now();
      const say = (line: string) => report(`[${name}] ${line}`);
      try {
        const { changes, events } = await recordScenario({
          scenario,
          api,
          kubernetesVersion,
          folder,
          report: say,
          signal,
        });
        const seconds = ((Date.now() - started) / 1000).toFixed(0);
        say(`recorded in ${seconds} s: ${changes} changes, ${events} Events`);
      } catch (error) {
        failed += 1;
        say(`FAILED: ${error instanceof Error ? error.message : String(error)}`);
      } finally {
        // Its pods would go on crashing beside the scenarios still to come.
        await api.call({ method: 'DELETE', path: `/api/v1/namespaces/${name}` });
      }
    }
  };
  try {
    await Promise.all(Array.from({ length: concurrency }, recordNext));
  } finally {
    await api.close();
  }
  report(`${input.scenarios.length - failed} recorded, ${failed} failed, in ${folder}`);
  return failed;
}
