import type { Draft } from '../draft.ts';
import { counts } from './incident.ts';

/** In a pod of phase Succeeded nothing is an incident, whatever was found. */
export function excuseSucceeded(phase: string, drafts: readonly Draft[]): readonly Draft[] {
  if (phase !== 'Succeeded') return drafts;
  return drafts.map((draft) =>
    counts(draft.finding) ? { ...draft, finding: { ...draft.finding, excuse: 'pod-succeeded' } } : draft,
  );
}
