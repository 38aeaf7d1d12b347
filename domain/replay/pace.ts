/** Spreads starts so that no second has more than so many of them. */
export interface Pace {
  /** Takes the next place; says how many milliseconds from `nowMs` on to wait for it. */
  reserve(nowMs: number): number;
}

export function createPace(runsPerSecond: number): Pace {
  const startsMs: number[] = [];
  return {
    reserve(nowMs) {
      const earliest = startsMs.length < runsPerSecond ? undefined : startsMs.shift();
      const startMs = Math.max(nowMs, (earliest ?? -Infinity) + 1000);
      startsMs.push(startMs);
      return startMs - nowMs;
    },
  };
}
