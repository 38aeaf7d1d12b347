import type { ApiDependencies } from '../../client/send.ts';
import type { Logger } from '../../../logger.ts';
import type { Backoff } from '../failure/backoff.ts';
import type { KnownObjects } from '../state/known-objects.ts';
import type { GapReason, MissingPermission, ReflectorEvent } from '../types.ts';

/** Which objects to list and watch. */
export interface Target {
  readonly path: string;
  readonly resource: string;
  readonly fieldSelector?: string | undefined;
  readonly labelSelector?: string | undefined;
}

/** A stretch whose updates are lost once the next list is in. */
export interface GapStart {
  readonly fromVersion: string;
  readonly fromMs: number;
  readonly reason: GapReason;
  /** A list has shown that the server's versions went back, and the consumer was told. */
  readonly epochChanged: boolean;
}

/** How far a reflector has come, and what it has to do next. One object, changed in place by the parts of its run. */
export interface Progress {
  /** Everything up to here was emitted; `null` before the first whole list. */
  version: string | null;
  /** When the server last proved that. */
  goodAtMs: number;
  /** A list has to be taken in before the next watch. */
  listDue: boolean;
  /** What that list will leave unknown; `null` when it leaves nothing. */
  gap: GapStart | null;
  /** The server was asked for its newest version since the last stream ended. */
  versionsVerified: boolean;
  /** Faults inside the stream since it last delivered something. */
  faultsInARow: number;
  /** Something was delivered by a stream since the last list. */
  deliveredSinceList: boolean;
  /** Credentials were read again since a watch was last accepted. */
  credentialsReloaded: boolean;
  pageSize: number;
  lastByteAtMs: number;
  missingPermission: MissingPermission | null;
  lastFailure: { readonly message: string; readonly atMs: number } | null;
}

/** What the parts of a run share. */
export interface RunContext<T> {
  readonly dependencies: ApiDependencies;
  readonly target: Target;
  readonly known: KnownObjects;
  readonly progress: Progress;
  readonly backoff: Backoff;
  readonly project: (object: unknown) => T;
  /** Hands an event to the consumer; waits while it has too many. */
  readonly emit: (event: ReflectorEvent<T>) => Promise<void>;
  readonly inactivityMs: number;
  readonly lineBytesLimit: number | undefined;
  readonly pageBytesLimit: number | undefined;
  readonly random: () => number;
  readonly now: () => number;
  readonly logger: Logger | undefined;
  readonly signal: AbortSignal;
}

/** A list is due, and what happened since the last proven version is lost. A gap already open stays as it began. */
export function requireList(progress: Progress, reason: GapReason): void {
  progress.listDue = true;
  progress.gap ??= { fromVersion: progress.version ?? '', fromMs: progress.goodAtMs, reason, epochChanged: false };
}
