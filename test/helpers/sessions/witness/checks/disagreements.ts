import type { CheckOptions, Evidence } from '../evidence.ts';
import type { RecordSample } from '../tables.ts';

/** Pods without a run and runs without their pod that stayed so for longer than the grace period. */
export function findDisagreements(
  { samples }: Pick<Evidence, 'samples'>,
  { graceSeconds }: Pick<CheckOptions, 'graceSeconds'>,
): string[] {
  const since = new Map<string, number>();
  const told = new Set<string>();
  return samples.flatMap((sample) => {
    const differing = new Set(differences(sample));
    for (const text of [...since.keys()]) if (!differing.has(text)) since.delete(text);
    return [...differing].flatMap((text) => {
      const fromMs = since.get(text) ?? sample.atMs;
      since.set(text, fromMs);
      if (sample.atMs - fromMs <= graceSeconds * 1000 || told.has(text)) return [];
      told.add(text);
      return [`${text} for more than ${graceSeconds} s`];
    });
  });
}

/** What one sample says that should not stay so. */
export function differences({ runs, runsWithPod, pods }: RecordSample): string[] {
  const [running, alive] = [new Set(runs), new Set(pods)];
  return [
    ...pods.filter((key) => !running.has(key)).map((key) => `session ${key} has a pod and no run`),
    ...runsWithPod
      .filter((key) => !alive.has(key))
      .map((key) => `session ${key} has a run that speaks of a pod and no pod`),
  ];
}
