import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SessionClass } from '../../../../domain/sessions/session-class.ts';
import type { TestEnvironment } from '../../environment.ts';
import { startStandIn } from '../stand-in/start-stand-in.ts';
import { realClass, simulatedClass } from './classes.ts';
import type { SessionRigOptions } from './rig-options.ts';

/** The folder of a rig: its settings files and the logs of its processes. PODKEEPER_KEEP_LOGS=1 keeps it. */
export interface RigFiles {
  readonly folder: string;
  readonly classes: string;
  readonly signingKeys: string;
  readonly tokenSecret: string;
  /** Null for a rig on the real node. */
  readonly standIn: { readonly port: number; readonly log: string } | null;
}

export async function writeRigFiles(input: {
  readonly environment: TestEnvironment;
  readonly options: SessionRigOptions;
  readonly closers: (() => Promise<unknown>)[];
}): Promise<RigFiles> {
  const { environment, options, closers } = input;
  const folder = await mkdtemp(join(tmpdir(), 'podkeeper-rig-'));
  closers.push(async () => {
    if (process.env['PODKEEPER_KEEP_LOGS'] === '1') console.error(`Logs of the rig: ${folder}`);
    else await rm(folder, { recursive: true, force: true });
  });
  const standIn = options.node === 'simulated' ? await findStandIn({ environment, folder, closers }) : null;
  const base = standIn === null ? realClass(options.class) : simulatedClass(standIn.port, options.class);
  const all = { default: base, ...options.classes };
  const written = Object.entries(all).map(([name, changes]) => [name, writeClass({ ...base, ...changes })] as const);
  const classes = join(folder, 'session-classes.yaml');
  await writeFile(classes, JSON.stringify({ version: 1, classes: Object.fromEntries(written) }, null, 2));
  const signingKeys = join(folder, 'signing-keys');
  await writeFile(signingKeys, `k1:${randomBytes(32).toString('base64')}\n`, { mode: 0o600 });
  return { folder, classes, signingKeys, tokenSecret: randomBytes(32).toString('base64url'), standIn };
}

/** The environment's, or one for this rig where the environment is of a time before it had one. */
async function findStandIn(input: {
  readonly environment: TestEnvironment;
  readonly folder: string;
  readonly closers: (() => Promise<unknown>)[];
}) {
  const { state } = input.environment;
  if ('standIn' in state && state.standIn !== null) return state.standIn;
  const started = await startStandIn({ kubeconfig: input.environment.kubeconfig(), folder: input.folder });
  input.closers.push(started.stop);
  return started;
}

/** The name of a class is its key in the file. */
function writeClass({ name: _name, ...written }: SessionClass): unknown {
  return written;
}
