import {
  deadGatewayMs,
  type KeepReason,
  silentGatewayMs,
  youngEpochMs,
} from '../../../../domain/sessions/idle/idle-decision.ts';
import type { RedisClient, RedisResult } from '../../redis.ts';
import { runScript } from '../../script.ts';
import type { SessionKeys } from '../session-keys.ts';
import { loadSessionScript } from '../session-script.ts';

const publish = loadSessionScript(new URL('./session-publish.lua', import.meta.url));
const idleDecide = loadSessionScript(new URL('./idle-decide.lua', import.meta.url));
const undrain = loadSessionScript(new URL('./undrain.lua', import.meta.url));
const seal = loadSessionScript(new URL('./seal.lua', import.meta.url));
const gatewaysHeard = loadSessionScript(new URL('./gateways-heard.lua', import.meta.url));
const stopLeases = loadSessionScript(new URL('./stop-leases.lua', import.meta.url));

/** A late request for a sealed pod is told `gone` for this long, then `missing`; both lead to the session's run. */
const tombstoneMs = 600_000;

/** The pod a session's run speaks for. */
export interface ServedBy {
  readonly key: string;
  readonly incarnation: number;
  readonly podUid: string;
  readonly tenantHash: string;
}

/** All times are durations by Redis' clock. */
export interface IdleAnswer {
  /** Null when the session is idle: it is draining now. */
  readonly keep: KeepReason | null;
  readonly remainingMs: number;
  readonly sinceActivityMs: number;
}

export type SealAnswer = 'sealed' | 'superseded' | 'lease' | 'missing' | 'young' | 'unheard' | 'active';

export interface SessionLifeStore {
  /** False when a newer pod serves the session, or this one is sealed. */
  publish(served: ServedBy): Promise<RedisResult<boolean>>;
  idleDecide(served: ServedBy, idleTimeoutMs: number): Promise<RedisResult<IdleAnswer>>;
  /** False when it is too late. `asked`: a request came, so it is active now. */
  undrain(target: Pick<ServedBy, 'key' | 'incarnation'>, asked: boolean): Promise<RedisResult<boolean>>;
  /** Whether every gateway that lives was heard of since the session began to drain; before that an idle one is not sealed. */
  gatewaysHeard(target: Pick<ServedBy, 'key' | 'incarnation'>): Promise<RedisResult<boolean>>;
  /** For idleness it may be refused; the answer says why. */
  seal(target: Pick<ServedBy, 'key' | 'incarnation'>, forIdleness: boolean): Promise<RedisResult<SealAnswer>>;
  /** No request gets this pod from now on; whether one may be in flight. */
  stopLeases(target: Pick<ServedBy, 'key' | 'incarnation'>): Promise<RedisResult<boolean>>;
}

/** What a session's run does to its record. */
export function createSessionLifeStore(input: {
  readonly redis: RedisClient;
  readonly keys: SessionKeys;
}): SessionLifeStore {
  const { redis, keys } = input;
  return {
    publish: ({ key, incarnation, podUid, tenantHash }) =>
      redis.run('session_publish', async (commands) => {
        const args = [incarnation, podUid, tenantHash];
        return (await runScript(commands, { script: publish, keys: [keys.record(key), keys.leases(key)], args })) === 1;
      }),
    idleDecide: ({ key, incarnation, podUid, tenantHash }, idleTimeoutMs) =>
      redis.run('idle_decide', async (commands) => {
        const [reason, remainingMs, sinceActivityMs] = (await runScript(commands, {
          script: idleDecide,
          keys: [keys.record(key), keys.leases(key), keys.gateways, keys.epoch],
          args: [incarnation, podUid, tenantHash, idleTimeoutMs, youngEpochMs, silentGatewayMs, deadGatewayMs],
        })) as [KeepReason | 'drain', number, number];
        return { keep: reason === 'drain' ? null : reason, remainingMs, sinceActivityMs };
      }),
    undrain: ({ key, incarnation }, asked) =>
      redis.run('session_undrain', async (commands) => {
        const args = [incarnation, asked ? 1 : 0];
        return (await runScript(commands, { script: undrain, keys: [keys.record(key)], args })) === 1;
      }),
    gatewaysHeard: ({ key, incarnation }) =>
      redis.run('gateways_heard', async (commands) => {
        const args = [incarnation, deadGatewayMs];
        return (
          (await runScript(commands, { script: gatewaysHeard, keys: [keys.record(key), keys.gateways], args })) === 1
        );
      }),
    seal: ({ key, incarnation }, forIdleness) =>
      redis.run('session_seal', async (commands) => {
        const args = [incarnation, forIdleness ? 1 : 0, youngEpochMs, tombstoneMs, deadGatewayMs];
        const answer = await runScript(commands, {
          script: seal,
          keys: [keys.record(key), keys.leases(key), keys.epoch, keys.gateways],
          args,
        });
        return answer as SealAnswer;
      }),
    stopLeases: ({ key, incarnation }) =>
      redis.run('stop_leases', async (commands) => {
        const on = { script: stopLeases, keys: [keys.record(key), keys.leases(key)], args: [incarnation] };
        return (await runScript(commands, on)) === 1;
      }),
  };
}
