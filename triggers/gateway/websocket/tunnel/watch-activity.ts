export interface ActivityLimits {
  /** Without a frame of data. */
  readonly idleMs: number;
  /** In all. */
  readonly lifeMs: number;
}

/** What follows from frames of data, until it is stopped. */
export interface Activity {
  /** Frames of data went by. */
  readonly seen: () => void;
  readonly stop: () => void;
}

/** For sockets that keep their session alive by being open: calls `end` when no data went by for too long, or the socket is too old. */
export function limitActivity(end: (reason: string) => void, { idleMs, lifeMs }: ActivityLimits): Activity {
  let lastMs = performance.now();
  const look = (): void => {
    const leftMs = lastMs + idleMs - performance.now();
    if (leftMs <= 0) end('no data for too long');
    else idle = setTimeout(look, leftMs).unref();
  };
  let idle = setTimeout(look, idleMs).unref();
  const life = setTimeout(() => end('open for too long'), lifeMs).unref();
  return {
    seen: () => {
      lastMs = performance.now();
    },
    stop: () => {
      clearTimeout(idle);
      clearTimeout(life);
    },
  };
}

/**
 * For sockets whose data alone keeps their session alive: calls `touch` at the first data and then at most once in
 * `everyMs`; data in between is told at its end or when it is stopped, so that the last of it counts too.
 */
export function reportActivity(touch: () => void, everyMs: number): Activity {
  let timer: NodeJS.Timeout | undefined;
  let isDue = false;
  const report = (): void => {
    isDue = false;
    touch();
    timer = setTimeout(() => {
      timer = undefined;
      if (isDue) report();
    }, everyMs).unref();
  };
  return {
    seen: () => {
      isDue = true;
      if (timer === undefined) report();
    },
    stop: () => {
      clearTimeout(timer);
      if (isDue) touch();
    },
  };
}
