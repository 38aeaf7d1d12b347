/** The value that so many of a hundred values do not exceed; 0 for none. `sorted` from the least to the most. */
export function percentile(sorted: ArrayLike<number>, percent: number): number {
  const index = Math.ceil((sorted.length * percent) / 100) - 1;
  return sorted[Math.max(0, index)] ?? 0;
}
