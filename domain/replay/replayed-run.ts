import type { FoundRun, ReplayedRun, TryAnswer } from './replay.ts';

/** Longer texts of a run's outcome are cut: hundreds of them are kept. */
const textLength = 300;

/** What a replay tells of one run, by what trying it brought. */
export function replayedRun(
  { workflowId, runId }: Pick<FoundRun, 'workflowId' | 'runId'>,
  answer: TryAnswer,
): ReplayedRun {
  const run = { workflowId, runId };
  switch (answer.kind) {
    case 'tried': {
      const { from, to, reason, rule, rulesVersion } = answer.result;
      // A run without failures that could not be judged anew: nobody knows whether its verdict would change.
      const unjudged = answer.result.outcome === 'unchanged' && reason !== undefined;
      return {
        ...run,
        outcome: unjudged ? 'error' : answer.result.outcome,
        ...textsOf({ from, to, reason, rule, rulesVersion }),
      };
    }
    case 'already-fixed':
      return { ...run, outcome: 'already-fixed' };
    case 'gone':
    case 'lost':
      return { ...run, outcome: answer.kind, ...textsOf({ reason: answer.reason }) };
    case 'refused':
      return { ...run, outcome: 'error', ...textsOf({ reason: answer.reason }) };
  }
}

function textsOf<Key extends string>(
  texts: Readonly<Record<Key, string | undefined>>,
): { readonly [Name in Key]?: string } {
  const given = Object.entries<string | undefined>(texts).flatMap(([key, text]) =>
    text === undefined ? [] : [[key, text.length > textLength ? `${text.slice(0, textLength - 1)}…` : text]],
  );
  return Object.fromEntries(given) as { [Name in Key]?: string };
}
