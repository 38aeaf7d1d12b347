import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeAtomically } from '../../shared/write-atomically.ts';
import { brokenRules, mendedRules } from './rules.ts';

/** The files of the replay, in the environment's folder, where a person can look at them and use them. */
export interface ReplayFiles {
  /** The classification rules of the pod worker. */
  readonly rules: string;
  /** A token for the HTTP API, for nobody else to read. */
  readonly token: string;
  /** The body of the request to the webhook. */
  readonly events: string;
  readonly writeToken: (token: string) => Promise<void>;
  readonly writeEvents: (events: readonly object[]) => Promise<void>;
  readonly mendRules: () => Promise<void>;
  readonly remove: () => Promise<void>;
}

/** Makes the folder, with the rules that will fail. */
export async function createReplayFiles(environmentFolder: string): Promise<ReplayFiles> {
  const folder = join(environmentFolder, 'demo');
  const files = {
    rules: join(folder, 'classification-rules.yaml'),
    token: join(folder, 'token'),
    events: join(folder, 'pod-events.json'),
  };
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await writeFile(files.rules, brokenRules);
  return {
    ...files,
    writeToken: (token) => writeFile(files.token, token, { mode: 0o600 }),
    writeEvents: (events) => writeFile(files.events, `${JSON.stringify(events, null, 2)}\n`),
    mendRules: () => writeAtomically(files.rules, mendedRules),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
