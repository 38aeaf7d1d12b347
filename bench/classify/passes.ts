import { classifyChange } from '../../domain/pods/classification.ts';
import type { PodSnapshot } from '../../domain/pods/snapshot/pod-snapshot.ts';
import { projectPod } from '../../domain/pods/snapshot/project-pod.ts';
import type { RawLife } from './mix.ts';

/** Keeps results in use, so that the engine cannot leave the work out. */
export interface Seen {
  incidents: number;
  changed: number;
}

/** What Podkeeper does: a snapshot of every object, classified against the one before. Adds each classification's time. */
export function classifyPass(mix: readonly RawLife[], { seen, timesMs }: { seen: Seen; timesMs: number[] }): void {
  for (const life of mix) {
    let previous: PodSnapshot | undefined;
    let attempt = 1;
    for (const { operation, observedAt, object } of life) {
      const snapshot = projectPod(object);
      const startedMs = performance.now();
      const { verdict } = classifyChange({ previous, change: { operation, observedAt, snapshot }, attempt });
      timesMs.push(performance.now() - startedMs);
      if (verdict.incident) seen.incidents += 1;
      previous = snapshot;
      attempt += 1;
    }
  }
}

/** The naive way to merely learn whether a pod changed: keep a copy of the whole object and compare it as text. */
export function naivePass(mix: readonly RawLife[], seen: Seen): void {
  for (const life of mix) {
    let kept = '';
    for (const { object } of life) {
      const text = JSON.stringify(structuredClone(object));
      if (text !== kept) seen.changed += 1;
      kept = text;
    }
  }
}
