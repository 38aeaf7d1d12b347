import { setTimeout as sleep } from 'node:timers/promises';
import type { Act } from './acts.ts';
import { type Check, checkDemo } from './check.ts';
import type { DemoRun } from './runs.ts';
import type { DemoStage } from './stage.ts';
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
  readonly view: DemoView;
  readonly signal: AbortSignal;
  /** Told once, when everything was seen or should have been. Returns whether to go on. */
  readonly onConclusion: (conclusion: Conclusion) => boolean;
}

/**
 * Plays the acts and shows their runs until the signal is aborted or the conclusion ends it. Returns the last conclusion;
 * `null` when it was stopped before there was one.
 */
export async function follow(input: FollowInput): Promise<Conclusion | null> {
  const { acts, stage, view, signal } = input;
  const startedMs = Date.now();
  const failures: Check[] = [];
  let playedMs: number | null = null;
  const play = async (act: Act) => {
    await stage.play([act]).catch((error: unknown) => {
      failures.push({ ok: false, what: `${act.pods}: ${error instanceof Error ? error.message : String(error)}` });
    });
  };
  void Promise.all(acts.map(play)).then(() => {
    playedMs = Date.now();
  });
  const poll = createPoll(input.readRuns);
  let conclusion = null as Conclusion | null;
  let goOn = true;
  while (goOn && !signal.aborted) {
    const runs = await poll();
    view.show(runs);
    const checks = [...checkDemo({ acts, pods: stage.pods(), runs }), ...failures];
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

/** The runs, or those of last time when a busy server does not answer; throws when that lasts. */
function createPoll(readRuns: () => Promise<readonly DemoRun[]>) {
  let last: readonly DemoRun[] = [];
  let readMs = Date.now();
  return async (): Promise<readonly DemoRun[]> => {
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
