/**
 * The number of the next pod of a session: milliseconds of the workflow's clock, and higher than any seen. It grows from
 * run to run without Redis or an older run, and a clock that goes back does no harm.
 */
export function nextIncarnation(nowMs: number, highestSeen: number): number {
  return Math.max(Math.floor(nowMs), highestSeen + 1);
}
