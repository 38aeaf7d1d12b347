import type { Check } from '../check.ts';
import { createRunReader, type DemoRun, listPodRuns, type RunsInput } from '../runs.ts';
import { checkReplay } from './check-replay.ts';
import { type PlayReplayInput, playReplay } from './play-replay.ts';
import { nothingYet } from './record.ts';
import { reportedNamespace } from './rules.ts';

/** What happens beside the acts, with runs and checks of its own. */
export interface SideStory {
  /** Throws when something does not come. */
  readonly play: () => Promise<void>;
  readonly readRuns: () => Promise<readonly DemoRun[]>;
  readonly checks: () => readonly Check[];
}

type StoryInput = Omit<PlayReplayInput, 'onRecord'> & { readonly place: Omit<RunsInput, 'before' | 'namespace'> };

/** Pods reported over HTTP, a rule that breaks, and the replay of what failed. */
export async function createReplayStory({ place: givenPlace, ...input }: StoryInput): Promise<SideStory> {
  const place = { ...givenPlace, namespace: reportedNamespace };
  const before = new Set((await listPodRuns(place)).map(({ runId }) => runId));
  const readRuns = createRunReader({ ...place, before });
  let record = nothingYet;
  return {
    play: () => playReplay({ ...input, onRecord: (seen) => void (record = seen) }),
    // A name alone would be taken for a pod of the demo's own namespace.
    readRuns: async () => (await readRuns()).map((run) => ({ ...run, pod: `${reportedNamespace}/${run.pod}` })),
    checks: () => checkReplay(record),
  };
}
