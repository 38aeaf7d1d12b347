import { compareVersions } from '../state/versions.ts';
import type { KnownObject } from '../types.ts';
import type { GapStart, Progress } from './context.ts';

export interface StartInput {
  readonly known: ReadonlyMap<string, KnownObject>;
  readonly fromVersion?: string | undefined;
  readonly fromTime?: string | undefined;
  readonly pageSize?: number;
  readonly now: () => number;
}

/** A page of 500 is what client-go's reflector asks for. */
const defaultPageSize = 500;

/** Where a reflector begins: with a watch from what the caller gives, else with a list. */
export function startProgress({ known, fromVersion, fromTime, pageSize, now }: StartInput): Progress {
  const fromMs = fromTime === undefined ? now() : Date.parse(fromTime);
  return {
    version: fromVersion ?? null,
    goodAtMs: fromMs,
    listDue: fromVersion === undefined,
    gap: fromVersion === undefined ? lostCheckpoint(known, fromMs) : null,
    versionsVerified: false,
    faultsInARow: 0,
    deliveredSinceList: true,
    credentialsReloaded: false,
    pageSize: pageSize ?? defaultPageSize,
    lastByteAtMs: now(),
    missingPermission: null,
    lastFailure: null,
  };
}

/** Objects known from before without the version up to which: what happened since can't be known. */
function lostCheckpoint(known: ReadonlyMap<string, KnownObject>, fromMs: number): GapStart | null {
  if (known.size === 0) return null;
  let newest = '';
  for (const { version } of known.values()) {
    if (newest === '' || (compareVersions(version, newest) ?? 0) > 0) newest = version;
  }
  return { fromVersion: newest, fromMs, reason: 'checkpoint-lost', epochChanged: false };
}
