import { isCancellation, sleep } from '@temporalio/workflow';

/** One durable timer at a time: each is billable, so it is only set anew when it fired or an earlier moment turned up. */
export interface SingleTimer {
  arm(dueMs: number): void;
  /** True once after the timer fired; asking clears it. */
  takeFired(): boolean;
  hasFired(): boolean;
}

/** What is due a little earlier than a running timer waits for it. */
const toleranceMs = 5000;

export function createSingleTimer(): SingleTimer {
  let current: { readonly dueMs: number } | undefined;
  let fired = false;
  return {
    arm(dueMs) {
      if (current !== undefined && current.dueMs <= dueMs + toleranceMs) return;
      const armed = { dueMs };
      current = armed;
      sleep(Math.max(1, Math.ceil(dueMs - Date.now()))).then(
        () => {
          if (current !== armed) return; // An earlier one took its place; this one means nothing any more.
          current = undefined;
          fired = true;
        },
        (error: unknown) => {
          // With the run cancelled, whoever waits hears of it; unhandled here, it would fail the task for ever.
          if (!isCancellation(error)) throw error;
        },
      );
    },
    takeFired() {
      const was = fired;
      fired = false;
      return was;
    },
    hasFired: () => fired,
  };
}
