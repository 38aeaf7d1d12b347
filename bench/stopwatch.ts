/** Adds up what several stretches of work took. */
export interface Stopwatch {
  measure(work: () => void): void;
  wallSeconds(): number;
  /** Of the whole process, garbage collection on other threads included; free of other processes' load. */
  cpuSeconds(): number;
}

export function createStopwatch(): Stopwatch {
  let wallMs = 0;
  let cpuMicroseconds = 0;
  return {
    measure(work) {
      const startedMs = performance.now();
      const startedCpu = process.cpuUsage();
      work();
      const { user, system } = process.cpuUsage(startedCpu);
      wallMs += performance.now() - startedMs;
      cpuMicroseconds += user + system;
    },
    wallSeconds: () => wallMs / 1000,
    cpuSeconds: () => cpuMicroseconds / 1e6,
  };
}
