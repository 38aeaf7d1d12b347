import type { PodWrite } from '../etcd-witness.ts';
import type { TestEvent } from './follow.ts';

/** What a reflector said, set against what was written. All versions are numbers. */
export interface Completeness {
  /** Writes after the first list and outside of gaps that were not emitted. */
  readonly missing: readonly string[];
  /** Emitted by a watch without such a write, or twice. */
  readonly invented: readonly string[];
  /** Objects that differ from the truth at a moment where the reflector said it was complete. */
  readonly wrongStates: readonly string[];
  /** Writes that were compared one by one. */
  readonly compared: number;
  readonly gaps: number;
}

/**
 * Compares a reflector's events, from an empty start, with the writes as etcd has them, up to `untilVersion`. Outside of
 * gaps each write must have come exactly once; after each list, and at the end, all objects must be the true ones.
 */
export function checkCompleteness(
  writes: readonly PodWrite[],
  events: readonly TestEvent[],
  untilVersion: number,
): Completeness {
  const wrongStates: string[] = [];
  const delivered: string[] = [];
  const gaps: { readonly from: number; readonly to: number }[] = [];
  const state = new Map<string, number>();
  let firstList: number | undefined;

  const compareState = (at: number) => {
    const truth = stateAt(writes, at);
    for (const uid of new Set([...truth.keys(), ...state.keys()])) {
      if (truth.get(uid) !== state.get(uid)) {
        wrongStates.push(`at ${at}: ${uid} is ${String(truth.get(uid))}, was said to be ${String(state.get(uid))}`);
      }
    }
  };
  for (const event of events) {
    if (event.kind === 'gap') gaps.push({ from: Number(event.fromVersion), to: Number(event.toVersion) });
    if (event.kind === 'relisted') {
      firstList ??= Number(event.version);
      compareState(Number(event.version));
    }
    if (event.kind !== 'added' && event.kind !== 'modified' && event.kind !== 'deleted') continue;
    const version = Number(event.version);
    if (version > untilVersion) continue;
    if (event.kind === 'deleted') state.delete(event.uid);
    else state.set(event.uid, version);
    const fromWatch = event.kind === 'deleted' ? !event.inferred : !event.fromList;
    if (fromWatch) delivered.push(line(event.uid, version, event.kind === 'deleted'));
  }
  compareState(untilVersion);

  const expected = new Set(
    writes
      .filter(({ version }) => version > (firstList ?? 0) && version <= untilVersion)
      .filter(({ version }) => !gaps.some(({ from, to }) => version > from && version <= to))
      .map(({ uid, version, deleted }) => line(uid, version, deleted)),
  );
  const once = new Set(delivered);
  return {
    missing: [...expected].filter((write) => !once.has(write)),
    invented: delivered.filter((write, index) => !expected.has(write) || delivered.indexOf(write) !== index),
    wrongStates,
    compared: expected.size,
    gaps: gaps.length,
  };
}

function stateAt(writes: readonly PodWrite[], at: number): Map<string, number> {
  const state = new Map<string, number>();
  for (const { uid, version, deleted } of writes) {
    if (version > at) continue;
    if (deleted) state.delete(uid);
    else state.set(uid, version);
  }
  return state;
}

function line(uid: string, version: number, deleted: boolean): string {
  return `${uid}@${version}${deleted ? ' deleted' : ''}`;
}
