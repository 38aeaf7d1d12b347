export interface Turns {
  /** Runs the job when it is its turn, and hands on its result. */
  run<T>(key: string, job: () => Promise<T>): Promise<T>;
}

interface Turn {
  readonly key: string;
  readonly start: () => void;
}

/** Runs at most `concurrency` jobs at once, those of one key one after another, all in the order they came. */
export function createTurns(concurrency: number): Turns {
  const queue: Turn[] = [];
  const busy = new Set<string>();

  const pump = (): void => {
    for (let index = 0; index < queue.length && busy.size < concurrency;) {
      const turn = queue[index];
      if (turn === undefined || busy.has(turn.key)) {
        index += 1;
        continue;
      }
      queue.splice(index, 1);
      busy.add(turn.key);
      turn.start();
    }
  };

  return {
    async run(key, job) {
      await new Promise<void>((start) => {
        queue.push({ key, start });
        pump();
      });
      try {
        return await job();
      } finally {
        busy.delete(key);
        pump();
      }
    },
  };
}
