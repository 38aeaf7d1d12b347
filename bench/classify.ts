import { buildMix } from './classify/mix.ts';
import { classifyPass, naivePass, type Seen } from './classify/passes.ts';
import type { BenchResult } from './result.ts';
import { createStopwatch } from './stopwatch.ts';

const warmUpPasses = 5;

/** Pod changes through snapshot and classification, in passes that alternate with the naive comparison of objects. */
export function benchClassify({ changes }: { readonly changes: number }): BenchResult {
  const mix = buildMix();
  const changesPerPass = mix.reduce((sum, life) => sum + life.length, 0);
  const passes = Math.ceil(changes / changesPerPass);
  const seen: Seen = { incidents: 0, changed: 0 };
  for (let pass = 0; pass < warmUpPasses; pass += 1) {
    classifyPass(mix, { seen, timesMs: [] });
    naivePass(mix, seen);
  }
  const [ours, naive] = [createStopwatch(), createStopwatch()];
  const timesMs: number[] = [];
  for (let pass = 0; pass < passes; pass += 1) {
    ours.measure(() => classifyPass(mix, { seen, timesMs }));
    naive.measure(() => naivePass(mix, seen));
  }
  if (seen.incidents === 0 || seen.changed === 0) throw new Error('The mix of pods shows no crash, or no change.');
  const total = passes * changesPerPass;
  const sortedMs = timesMs.sort((a, b) => a - b);
  const quantile = (share: number) => sortedMs[Math.ceil(share * sortedMs.length) - 1] ?? NaN;
  const bytes = mix.flat().reduce((sum, { object }) => sum + JSON.stringify(object).length, 0);
  return {
    bench: 'classify',
    figures: [
      { name: 'changesPerSecond', value: total / ours.wallSeconds(), bar: { atLeast: 10_000 } },
      { name: 'changesPerCpuSecond', value: total / ours.cpuSeconds() },
      { name: 'classificationP50Ms', value: quantile(0.5) },
      { name: 'classificationP99Ms', value: quantile(0.99), bar: { atMost: 5 } },
      { name: 'classificationMaxMs', value: quantile(1) },
      { name: 'naiveChangesPerSecond', value: total / naive.wallSeconds() },
      { name: 'naiveChangesPerCpuSecond', value: total / naive.cpuSeconds() },
      { name: 'ratioNaive', value: naive.wallSeconds() / ours.wallSeconds() },
      { name: 'ratioNaiveCpu', value: naive.cpuSeconds() / ours.cpuSeconds() },
      { name: 'changes', value: total },
      { name: 'meanObjectBytes', value: bytes / changesPerPass },
    ],
  };
}
