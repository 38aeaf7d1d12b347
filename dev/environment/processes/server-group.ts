import { join } from 'node:path';
import { withProgress } from '../../shared/report.ts';
import type { Report } from '../../shared/report.ts';
import type { NamedProcess } from '../state.ts';
import type { ServerProcess } from './server-process.ts';
import { endServer, spawnServer, waitUntilReady } from './server-process.ts';
import type { ServerSpec } from './server-spec.ts';

/** The servers of one environment, each startable and stoppable by name. */
export interface ServerGroup {
  /** Starts a server and waits until it serves. */
  readonly start: (spec: ServerSpec) => Promise<void>;
  /** Signals a running server and waits until it is gone. Throws for a name that does not run. */
  readonly kill: (name: string, signal: NodeJS.Signals) => Promise<void>;
  /** Starts a stopped server as it was started first. Throws for an unknown name; does nothing when it runs. */
  readonly startAgain: (name: string) => Promise<void>;
  readonly isRunning: (name: string) => boolean;
  readonly running: () => NamedProcess[];
  readonly pidOf: (name: string) => number;
}

/** Creates an empty group. `onChange` is called, and awaited, after every start and end of a server. */
export function createServerGroup(input: {
  readonly folder: string;
  readonly logsFolder: string;
  readonly mark: string;
  readonly report: Report;
  readonly signal: AbortSignal;
  readonly onChange: () => void;
}): ServerGroup {
  const specs = new Map<string, ServerSpec>();
  const servers = new Map<string, ServerProcess>();
  const logPath = (name: string) => join(input.logsFolder, `${name}.log`);

  async function start(spec: ServerSpec): Promise<void> {
    input.signal.throwIfAborted();
    specs.set(spec.name, spec);
    const server = spawnServer({ spec, logPath: logPath(spec.name), mark: input.mark, folder: input.folder });
    servers.set(spec.name, server);
    input.onChange();
    void server.exited.then(() => {
      if (servers.get(spec.name) === server) servers.delete(spec.name);
      input.onChange();
    });
    await withProgress({
      what: spec.name,
      report: input.report,
      work: () => waitUntilReady({ spec, server, logPath: logPath(spec.name), signal: input.signal }),
    });
  }

  function findRunning(name: string): ServerProcess {
    const server = servers.get(name);
    if (server === undefined) throw new Error(`${name} does not run. Running: ${[...servers.keys()].join(', ')}.`);
    return server;
  }

  return {
    start,
    kill: async (name, signal) => {
      await endServer(findRunning(name), signal);
      servers.delete(name);
    },
    startAgain: async (name) => {
      const spec = specs.get(name);
      if (spec === undefined) throw new Error(`${name} was never started. Known: ${[...specs.keys()].join(', ')}.`);
      if (!servers.has(name)) await start(spec);
    },
    isRunning: (name) => servers.has(name),
    running: () => [...servers].map(([name, server]) => ({ name, ...server.identity })),
    pidOf: (name) => findRunning(name).identity.pid,
  };
}
