import { setTimeout as sleep } from 'node:timers/promises';
import type { Act } from './acts/acts.ts';
import { type Check, checkDemo } from './check.ts';
import type { SideStory } from './replay/replay-story.ts';
import type { DemoRun } from './runs.ts';
import type { DemoStage } from './acts/stage.ts';
import type { Conclusion, DemoView } from './views/view.ts';

const pollMs = 500;
/** How long the runs may lag behind once everything has happened. */
const lagSeconds = 20;
/** The runs cannot be read for so long: no hiccup any more. */
const unreadableSeconds = 15;

export interface FollowInput {
  readonly acts: readonly Act[];
  readonly stage: DemoStage;
  readonly readRuns: () => Promise<readonly DemoRun[]>;
  /** Told beside the acts, by name. */
  readonly stories: Readonly<Record<string, SideStory>>;
  readonly view: DemoView;
  readonly signal: AbortSignal;
  /** Told once, when everything was seen or should have been. Returns whether to go on. */
  readonly onConclusion: (conclusion: Conclusion) => boolean;
}

/**
 * Plays the acts and the stories beside them, and shows their runs until the signal is aborted or the conclusion ends it. Returns the last conclusion;
 * `null` when it was stopped before there was one.
 */
export async function follow(input: FollowInput): Promise<Conclusion | null> {
  const { acts, stage, view, signal } = input;
  const stories = Object.values(input.stories);
  const startedMs = Date.now();
  const failures: Check[] = [];
  let playedMs: number | null = null;
  const note = async (what: string, playing: Promise<void>) => {
    await playing.catch((error: unknown) => {
      failures.push({ ok: false, what: `${what}: ${error instanceof Error ? error.message : String(error)}` });
    });
  };
  const playing = acts.map((act: Act) => note(act.pods, stage.play([act])));
  const telling = Object.entries(input.stories).map(([name, story]) => note(name, story.play()));
  void Promise.all([...playing, ...telling]).then(() => {
    playedMs = Date.now();
  });
  const poll = createPoll(async () => ({
    own: await input.readRuns(),
    beside: (await Promise.all(stories.map((story) => story.readRuns()))).flat(),
  }));
  let conclusion = null as Conclusion | null;
  let goOn = true;
  while (goOn && !signal.aborted) {
    const { own, beside } = await poll();
    const runs = [...own, ...beside];
    view.show(runs);
    const checks = [
      ...checkDemo({ acts, pods: stage.pods(), runs: own }),
      ...stories.flatMap((story) => story.checks()),
      ...failures,
    ];
    const latest: Conclusion = {
      ok: checks.every(({ ok }) => ok),
      checks,
      runs,
      seconds: (Date.now() - startedMs) / 1000,
    };
    if (conclusion === null && isTime(playedMs, latest)) {
      goOn = input.onConclusion(latest);
      conclusion = latest;
    } else if (conclusion !== null) {
      conclusion = { ...conclusion, runs };
    }
    if (goOn) await pause(signal);
  }
  return conclusion;
}

function isTime(playedMs: number | null, { ok }: Conclusion): boolean {
  return playedMs !== null && (ok || Date.now() - playedMs > lagSeconds * 1000);
}

interface Runs {
  readonly own: readonly DemoRun[];
  readonly beside: readonly DemoRun[];
}

/** The runs, or those of last time when a busy server does not answer; throws when that lasts. */
function createPoll(readRuns: () => Promise<Runs>) {
  let last: Runs = { own: [], beside: [] };
  let readMs = Date.now();
  return async (): Promise<Runs> => {
    try {
      last = await readRuns();
      readMs = Date.now();
    } catch (error) {
      if (Date.now() - readMs > unreadableSeconds * 1000) throw error;
    }
    return last;
  };
}

async function pause(signal: AbortSignal): Promise<void> {
  // An abort ends the loop, which looks at the signal itself.
  await sleep(pollMs, undefined, { signal }).catch(() => undefined);
}
