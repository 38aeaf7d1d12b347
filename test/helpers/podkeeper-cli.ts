import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { sharedEnvironment } from './environment.ts';

export interface CliResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `podkeeper` as a user does, in a process of its own, and answers when it has ended. */
export type PodkeeperCli = (args: readonly string[], stdin?: string) => Promise<CliResult>;

const program = join(fileURLToPath(new URL('../..', import.meta.url)), 'cli', 'podkeeper.js');

/** The command line, led to one namespace of the shared environment's Temporal server. */
export async function createPodkeeperCli(namespace: string): Promise<PodkeeperCli> {
  const address = (await sharedEnvironment()).temporalAddress();
  const env = { ...process.env, TEMPORAL_ADDRESS: address, TEMPORAL_NAMESPACE: namespace };
  return async (args, stdin = '') => {
    const child = spawn(process.execPath, [program, ...args], { env, timeout: 60_000 });
    child.stdin.end(stdin);
    const ended = new Promise<number | null>((resolve, reject) => child.once('close', resolve).once('error', reject));
    const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
    return { code, stdout, stderr };
  };
}
