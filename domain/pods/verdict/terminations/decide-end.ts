import type { Draft } from '../draft.ts';
import type { End } from './end.ts';
import { exit137Steps } from './exit-137.ts';
import { otherExitSteps } from './other-exits.ts';

/** `terminated.signal` 9 is the same kill as exit code 137. */
const killSignal = 9;

/** What one end of a container means, or undefined when it is no news. */
export function decideEnd(input: End): Draft | undefined {
  const { exitCode, signal, reason } = input.end.record;
  // An init container that is done is the normal course of a start and no news.
  if (input.view.type === 'init' && exitCode === 0 && reason !== 'OOMKilled') return undefined;
  const steps = exitCode === 137 || signal === killSignal ? exit137Steps : otherExitSteps;
  for (const step of steps) {
    const draft = step(input);
    if (draft !== undefined) return draft;
  }
  return undefined;
}
