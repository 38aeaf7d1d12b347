import { type RunningEnvironment, up } from '../dev/environment/up.ts';

export type Servers = { readonly env: NodeJS.ProcessEnv } | { readonly reason: string };

export interface TestServers {
  /** The servers all tests of this run share, started on the first call; or why there are none. */
  start(): Promise<Servers>;
  stop(): Promise<void>;
}

/** One local environment for a whole test run, of its own name so that a person's one is left alone. */
export function createTestServers(signal: AbortSignal): TestServers {
  let running: RunningEnvironment | undefined;
  let servers: Servers | undefined;
  return {
    async start() {
      if (servers !== undefined) return servers;
      try {
        running = await up({
          name: `test-${process.pid}`,
          options: { crashLoopBackOff: 'quick' },
          lifetime: 'owned',
          report: (line) => console.error(line),
          env: process.env,
          signal,
        });
        servers = { env: { PODKEEPER_DEV_STATE: running.statePath } };
      } catch (error) {
        servers = { reason: error instanceof Error ? error.message : String(error) };
      }
      return servers;
    },
    async stop() {
      await running?.stop();
    },
  };
}
