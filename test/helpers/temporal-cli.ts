import { execFile } from 'node:child_process';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { environmentPaths } from '../../dev/environment/folders.ts';
import { readPlan } from '../../dev/environment/plan.ts';
import { sharedEnvironment } from './environment.ts';

const run = promisify(execFile);

/** Runs one command of the Temporal CLI, as the docs have it, and answers what it printed; rejects when it failed. */
export type TemporalCli = (...args: readonly string[]) => Promise<string>;

/** The Temporal CLI of the shared environment, led to one namespace of its server. */
export async function createTemporalCli(namespace: string): Promise<TemporalCli> {
  const { statePath, temporalAddress } = await sharedEnvironment();
  const program = (await readPlan(environmentPaths(dirname(statePath)).plan))?.tools.temporal;
  if (program === undefined) throw new Error(`The environment of ${statePath} does not say where its temporal is.`);
  const env = { ...process.env, TEMPORAL_ADDRESS: temporalAddress(), TEMPORAL_NAMESPACE: namespace };
  return async (...args) => (await run(program, args, { env, timeout: 60_000 })).stdout;
}
