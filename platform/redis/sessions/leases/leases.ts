import { deadGatewayMs } from '../../../../domain/sessions/idle/idle-decision.ts';
import type { RedisClient, RedisResult } from '../../redis.ts';
import { runScript } from '../../script.ts';
import type { SessionKeys } from '../session-keys.ts';
import { loadSessionScript } from '../session-script.ts';

const acquire = loadSessionScript(new URL('./lease-acquire.lua', import.meta.url));
const renew = loadSessionScript(new URL('./lease-renew.lua', import.meta.url));
const release = loadSessionScript(new URL('./lease-release.lua', import.meta.url));
const beat = loadSessionScript(new URL('./gateway-beat.lua', import.meta.url));

/** A gateway that vanishes keeps its sessions alive for this long. */
const leaseTtlMs = 15_000;
/** Sessions renewed by one call, which blocks Redis. */
const renewedPerCall = 500;

/** The pod of a session that a request is sent to. */
export interface LeaseTarget {
  readonly key: string;
  readonly incarnation: number;
}

/** `draining`: the session's run can call it back. `gone`: that pod takes no more. `missing`: only the run knows. */
export type LeaseGrant = 'granted' | 'draining' | 'gone' | 'missing';
export type LeaseRenewal = 'ok' | 'draining' | 'gone' | 'missing';

export interface LeaseStore {
  /** No byte may go to the pod before this answered `granted`. */
  acquire(target: LeaseTarget): Promise<RedisResult<LeaseGrant>>;
  /** Answers in the order of the targets. */
  renew(targets: readonly LeaseTarget[]): Promise<RedisResult<readonly LeaseRenewal[]>>;
  /** `idleForMs`: since the last request ended. False when there was nothing to release from. */
  release(target: LeaseTarget, idleForMs: number): Promise<RedisResult<boolean>>;
  /**
   * Says that this gateway lives, and answers the epoch. When that is another than `sentTo`, the beat did not count: send all
   * leases again, then beat with the new one.
   */
  beat(sentTo: string): Promise<RedisResult<string>>;
  /** Takes this gateway off the list, once all its leases are released. */
  leave(): Promise<RedisResult<string>>;
}

/** The leases of one gateway process, named by `bootId`. */
export function createLeaseStore(input: {
  readonly redis: RedisClient;
  readonly keys: SessionKeys;
  readonly bootId: string;
}): LeaseStore {
  const { redis, keys, bootId } = input;
  const sendBeat = (sentTo: string, leaving: boolean) =>
    redis.run('gateway_beat', async (commands) =>
      String(
        await runScript(commands, {
          script: beat,
          keys: [keys.gateways, keys.epoch],
          args: [bootId, sentTo, deadGatewayMs, leaving ? 1 : 0],
        }),
      ),
    );
  return {
    acquire: ({ key, incarnation }) =>
      redis.run('lease_acquire', async (commands) => {
        const args = [incarnation, bootId, leaseTtlMs];
        return (await runScript(commands, {
          script: acquire,
          keys: [keys.record(key), keys.leases(key)],
          args,
        })) as LeaseGrant;
      }),
    renew: (targets) =>
      redis.run('lease_renew', async (commands) => {
        const answers: LeaseRenewal[] = [];
        for (let from = 0; from < targets.length; from += renewedPerCall) {
          const part = targets.slice(from, from + renewedPerCall);
          const answer = await runScript(commands, {
            script: renew,
            keys: part.flatMap(({ key }) => [keys.record(key), keys.leases(key)]),
            args: [bootId, leaseTtlMs, ...part.map(({ incarnation }) => incarnation)],
          });
          answers.push(...(answer as LeaseRenewal[]));
        }
        return answers;
      }),
    release: ({ key, incarnation }, idleForMs) =>
      redis.run('lease_release', async (commands) => {
        const args = [incarnation, bootId, Math.round(idleForMs)];
        return (await runScript(commands, { script: release, keys: [keys.record(key), keys.leases(key)], args })) === 1;
      }),
    beat: (sentTo) => sendBeat(sentTo, false),
    leave: () => sendBeat('', true),
  };
}
