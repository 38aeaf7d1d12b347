/** What Redis knows of one session when it is asked whether it is idle. Milliseconds of Redis' own clock. */
export interface IdleFacts {
  readonly nowMs: number;
  readonly idleTimeoutMs: number;
  /** Of the pod the question is about. */
  readonly incarnation: number;
  readonly record: SessionRecord | null;
  /** Gateway boot id → when its lease ends. */
  readonly leases: Readonly<Record<string, number>>;
  /** Gateway boot id → its last beat. */
  readonly gateways: Readonly<Record<string, number>>;
  /** The Redis process the records were written in, and since when; null when it was emptied. */
  readonly epoch: { readonly runId: string; readonly sinceMs: number } | null;
  readonly redisRunId: string;
}

export interface SessionRecord {
  readonly state: 'ready' | 'draining';
  readonly incarnation: number;
  readonly lastActivityMs: number;
}

/** Why a session is still alive. */
export type KeepReason =
  | 'request-in-flight'
  | 'recent-activity'
  | 'record-was-missing'
  | 'redis-restarted'
  | 'gateway-silent'
  /** A newer pod's record is there: the question is out of date. */
  | 'superseded';

export interface IdleDecision {
  /** Absent: it is idle, and set draining. */
  readonly keep?: KeepReason;
  /** Ask again after this long; 0 when draining. */
  readonly remainingMs: number;
  readonly lastActivityMs: number;
}

/** Redis that has just started may lack leases that gateways are about to send again. */
export const youngEpochMs = 20_000;
/** So long a gateway goes on with a lease that Redis has granted, without asking again. */
export const leaseGrantMs = 10_000;
/** A gateway that has not beaten for this long may hold leases it could not renew. */
export const silentGatewayMs = 6000;
/** And after this long it counts as dead, its leases having ended. */
export const deadGatewayMs = 30_000;

/**
 * The rule that `idle-decide.lua` follows, in order: what is not known for sure keeps the session. Pure; the script is
 * compared with it over random facts.
 */
export function decideIdle(facts: IdleFacts): IdleDecision {
  const { nowMs, idleTimeoutMs, incarnation, record, epoch } = facts;
  if (record !== null && record.incarnation > incarnation) {
    return { keep: 'superseded', remainingMs: idleTimeoutMs, lastActivityMs: record.lastActivityMs };
  }
  const known = record !== null && record.incarnation === incarnation;
  const lastActivityMs = known ? lastActivity(record.lastActivityMs, facts) : nowMs;
  const keep = (reason: KeepReason, remainingMs: number): IdleDecision => ({
    keep: reason,
    remainingMs,
    lastActivityMs,
  });

  if (epoch?.runId !== facts.redisRunId) return keep('redis-restarted', youngEpochMs);
  if (nowMs - epoch.sinceMs < youngEpochMs) return keep('redis-restarted', epoch.sinceMs + youngEpochMs - nowMs);
  if (!known) return keep('record-was-missing', idleTimeoutMs);
  if (Object.values(facts.leases).some((endsMs) => endsMs > nowMs)) return keep('request-in-flight', idleTimeoutMs);
  const silent = Object.values(facts.gateways).filter((beatMs) => {
    const silenceMs = nowMs - beatMs;
    return silenceMs > silentGatewayMs && silenceMs <= deadGatewayMs;
  });
  if (silent.length > 0) return keep('gateway-silent', Math.max(...silent) + deadGatewayMs - nowMs);
  const remainingMs = lastActivityMs + idleTimeoutMs - nowMs;
  return remainingMs > 0 ? keep('recent-activity', remainingMs) : { remainingMs: 0, lastActivityMs };
}

/** A lease that ended without being released was activity until its end. */
function lastActivity(recordedMs: number, { leases, nowMs }: IdleFacts): number {
  return Object.values(leases).reduce((latest, endsMs) => Math.max(latest, Math.min(endsMs, nowMs)), recordedMs);
}
