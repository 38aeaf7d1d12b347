import type { RunFilter } from '../../../platform/temporal/runs/visibility-query.ts';
import { describeFault } from '../../classify/read/fault.ts';
import { printable } from '../../output.ts';
import type { Terminal } from '../../terminal.ts';
import { loadRulesOrNone } from '../load-rules.ts';
import { compareOutcomes } from './compare-outcomes.ts';
import { createDifferenceGroups } from './difference-groups.ts';
import { describeTotals, printDifferences, printDifferencesAsJson } from './print-differences.ts';
import { createProgress } from './progress.ts';
import { recordedStates, type StateOrFault } from '../states/recorded-states.ts';
import { ruleOutcome } from './rule-outcome.ts';

export interface DiffRequest {
  /** Rules files; `-` and `none` are no rules. */
  readonly older: string;
  readonly newer: string;
  readonly paths: readonly string[];
  /** Which runs to look at; undefined for none. */
  readonly runs?: Omit<RunFilter, 'type'>;
  readonly limit: number;
  readonly output: 'table' | 'json';
  /** Exit with 1 when anything differs. */
  readonly exitCode: boolean;
}

/**
 * Prints what the newer rules would change about the verdicts on recorded pods and on runs. Sets exit code 2 when
 * something could not be read; the rest is compared all the same.
 */
export async function runDiff(request: DiffRequest, terminal: Terminal): Promise<void> {
  const clock = (): Date => terminal.now();
  const say = (text: string): void => void terminal.stderr.write(`podkeeper rules diff: ${printable(text)}\n`);
  const older = await loadRulesOrNone(request.older);
  const newer = await loadRulesOrNone(request.newer);
  for (const loaded of [older, newer]) if ('faults' in loaded) loaded.faults.forEach(say);
  if ('faults' in older || 'faults' in newer) {
    terminal.setExitCode(2);
    return;
  }
  const groups = createDifferenceGroups();
  const progress = createProgress({ say, now: clock });
  let faults = 0;
  const take = (item: StateOrFault): void => {
    if ('fault' in item) {
      faults += 1;
      say(describeFault(item.fault));
      return;
    }
    const { subject } = item.state;
    groups.add(item.state, compareOutcomes(ruleOutcome(older.rules, subject), ruleOutcome(newer.rules, subject)));
    progress(() => `${describeTotals(groups.totals())} so far …`);
  };
  for (const path of request.paths) {
    for await (const item of recordedStates(path, { stdin: terminal.stdin, clock })) take(item);
  }
  if (request.runs !== undefined) await takeRuns({ ...request, runs: request.runs }, { take, say, clock });
  if (request.output === 'table') printDifferences({ older, newer, groups }, terminal.stdout);
  else {
    printDifferencesAsJson(groups, terminal.stdout);
    say(describeTotals(groups.totals()));
  }
  terminal.setExitCode(faults > 0 ? 2 : request.exitCode && groups.totals().differing > 0 ? 1 : 0);
}

async function takeRuns(
  { runs, limit }: DiffRequest & { readonly runs: Omit<RunFilter, 'type'> },
  { take, say, clock }: { take: (item: StateOrFault) => void; say: (text: string) => void; clock: () => Date },
): Promise<void> {
  const { withTemporal } = await import('../../temporal-target.ts');
  const { statesOfRuns } = await import('./states-of-runs.ts');
  await withTemporal(async (target) => {
    for await (const item of statesOfRuns(target, { filter: runs, limit, say, clock })) take(item);
  });
}
