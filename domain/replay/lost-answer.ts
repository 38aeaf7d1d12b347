import type { EndedFromOutside, TryAnswer } from './replay.ts';

const ends: Readonly<Record<EndedFromOutside, string>> = {
  CANCELLED: 'was cancelled',
  TERMINATED: 'was terminated',
  TIMED_OUT: 'timed out',
};

/** What a replay says of a run that was ended from outside while it kept inputs: only a run that fails by itself leaves them. */
export function lostAnswer(end: EndedFromOutside): TryAnswer {
  return { kind: 'lost', reason: `the run ${ends[end]}: what it could not classify is lost` };
}
