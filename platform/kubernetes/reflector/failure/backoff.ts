/** Times in milliseconds; the defaults are in {@link defaultBackoff}. */
export interface BackoffSettings {
  readonly firstMs: number;
  readonly maxMs: number;
  /** After a stream was healthy for this long the next wait is the first one again. */
  readonly resetAfterMs: number;
  /** What can't help itself (a missing permission, a wrong path) is tried again this often. */
  readonly slowMs: number;
}

/** The values of client-go's reflector. */
export const defaultBackoff: BackoffSettings = { firstMs: 800, maxMs: 30_000, resetAfterMs: 120_000, slowMs: 30_000 };

const factor = 2;
/** Waits are spread by a quarter to both sides, so that many watches do not come back at once. */
const jitter = 0.25;

export interface BackoffInput {
  readonly settings: BackoffSettings;
  /** 0 ≤ n < 1. */
  readonly random: () => number;
  readonly now: () => number;
}

/** The waits between attempts: growing with each failure, back to the first after a long healthy stretch. */
export function createBackoff({ settings, random, now }: BackoffInput) {
  let failures = 0;
  let healthySinceMs: number | null = null;
  const spread = (ms: number) => ms * (1 - jitter + 2 * jitter * random());

  return {
    /** A stream is open and well. */
    healthy() {
      healthySinceMs ??= now();
    },
    /** A failure; returns how long to wait. Never less than the server asked for. */
    failed(retryAfterSeconds: number | null): number {
      if (healthySinceMs !== null && now() - healthySinceMs >= settings.resetAfterMs) failures = 0;
      healthySinceMs = null;
      const base = Math.min(settings.firstMs * factor ** failures, settings.maxMs);
      failures += 1;
      return Math.max(spread(base), (retryAfterSeconds ?? 0) * 1000);
    },
    slow: (): number => spread(settings.slowMs),
  };
}

export type Backoff = ReturnType<typeof createBackoff>;
