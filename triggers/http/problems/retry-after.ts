import type { Problem } from './problem.ts';

/** Whole seconds, both ends included; spread, so that refused callers don't come back together. */
const waits = { 429: [5, 15], 503: [2, 5] } as const satisfies Record<number, readonly [number, number]>;

/** Seconds for Retry-After: what the thrower knew, else a random wait by status; undefined for other statuses. */
export function retryAfterSeconds({ status, retryAfterSeconds: known }: Problem): number | undefined {
  if (known !== undefined) return Math.max(1, Math.ceil(known));
  if (status !== 429 && status !== 503) return undefined;
  const [least, most] = waits[status];
  return least + Math.floor(Math.random() * (most - least + 1));
}
