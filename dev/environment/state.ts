import { readFile } from 'node:fs/promises';
import { writeAtomically } from '../shared/write-atomically.ts';
import type { ProcessIdentity } from './processes/process-identity.ts';

/** A process of the environment. The first one is the supervisor, the parent of the others. */
export interface NamedProcess extends ProcessIdentity {
  readonly name: string;
}

type NodeKind = 'real' | 'simulated' | 'none';

/** What everyone may read about a running environment: `.podkeeper/dev/<name>/state.json`. */
export interface EnvironmentState {
  readonly version: 1;
  readonly pids: readonly NamedProcess[];
  readonly temporal: { readonly address: string; readonly uiUrl: string; readonly namespace: string } | null;
  /** Path of a kubeconfig with every right, or null without Kubernetes. */
  readonly kubeconfig: string | null;
  readonly redisUrl: string | null;
  /** Answers for session pods on simulated nodes: a class of theirs has this port. Null without simulated nodes. */
  readonly standIn: { readonly port: number; readonly log: string } | null;
  readonly node: NodeKind;
  /** Why the node is not real although one was asked for; null when there is nothing to explain. */
  readonly reason: string | null;
}

/** Reads a state file; null when there is none. Throws when it is not of version 1. */
export async function readState(path: string): Promise<EnvironmentState | null> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  });
  if (text === null) return null;
  const state = JSON.parse(text) as EnvironmentState;
  if ((state.version as number) !== 1) {
    throw new Error(`${path} is of version ${state.version}; this podkeeper knows version 1.`);
  }
  return state;
}

/** Writes the state file; readers never see half of it. */
export async function writeState(path: string, state: EnvironmentState): Promise<void> {
  await writeAtomically(path, `${JSON.stringify(state, null, 2)}\n`);
}
