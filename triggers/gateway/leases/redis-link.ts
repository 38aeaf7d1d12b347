import type { RedisResult } from '../../../platform/redis/redis.ts';

/** Whether Redis answers, as the last commands showed. */
export interface RedisLink {
  /** Looks at a result and passes it on. */
  see<T>(result: RedisResult<T>): RedisResult<T>;
  /** A command failed so recently that the next one is not worth waiting for. */
  isDown(): boolean;
  /** Commands that failed so far: while it stays the same, all got through. */
  readonly failures: number;
}

export function createRedisLink(input: {
  readonly downMs: number;
  readonly clock: () => number;
  readonly onFailure: () => void;
}): RedisLink {
  const { downMs, clock, onFailure } = input;
  let failures = 0;
  let downUntilMs = -Infinity;
  return {
    see(result) {
      if (result.ok) {
        downUntilMs = -Infinity;
      } else {
        failures += 1;
        downUntilMs = clock() + downMs;
        onFailure();
      }
      return result;
    },
    isDown: () => clock() < downUntilMs,
    get failures() {
      return failures;
    },
  };
}
