import type { RedisClient, RedisResult } from '../../redis.ts';
import { runScript } from '../../script.ts';
import type { SessionKeys } from '../session-keys.ts';
import { loadSessionScript } from '../session-script.ts';

const admit = loadSessionScript(new URL('./admit.lua', import.meta.url));
const confirm = loadSessionScript(new URL('./admit-confirm.lua', import.meta.url));
const release = loadSessionScript(new URL('./admit-release.lua', import.meta.url));
const rebuild = loadSessionScript(new URL('./admission-rebuild.lua', import.meta.url));

/** Time for a session's run to confirm its slot; longer than a pod's creation may take. */
const reservationMs = 150_000;
/** Sessions taken in by one call, which blocks Redis. */
const rebuiltPerCall = 500;
const readPerCall = 1000;

export interface AdmissionLimits {
  readonly sessions: number;
  readonly sessionsPerTenant: number;
  /** Starts a tenant may make a second, and at once. */
  readonly startsPerSecond: number;
  readonly startsAtOnce: number;
}

export interface Slot {
  readonly key: string;
  readonly tenantHash: string;
}

/** `known`: it has a slot already. `rebuilding`: Redis was emptied, and the pods are not counted yet. */
export interface AdmitAnswer {
  readonly answer: 'admitted' | 'known' | 'rebuilding' | 'cluster_limit' | 'tenant_limit' | 'too_fast';
  /** Until it is worth asking again. */
  readonly retryMs: number;
}

/** The slot of a session, held by a run. */
export interface HeldSlot {
  readonly key: string;
  readonly runId: string;
}

export type ConfirmAnswer = 'confirmed' | 'admission_rebuilding' | 'cluster_limit';

export interface AdmissionStore {
  admit(slot: Slot, limits: AdmissionLimits): Promise<RedisResult<AdmitAnswer>>;
  /**
   * The run has the slot from now on. `sessions` given: a slot that is missing is made only while there are fewer; left out,
   * always, because the session has its pod.
   */
  confirm(slot: Slot, runId: string, sessions?: number): Promise<RedisResult<ConfirmAnswer>>;
  /** False when the slot was not this run's. */
  release(key: string, runId: string): Promise<RedisResult<boolean>>;
  /** The slots that runs have confirmed; a long list in parts, so some may have changed meanwhile. */
  confirmed(): Promise<RedisResult<readonly HeldSlot[]>>;
  /** The epoch to list the pods in. */
  epoch(): Promise<RedisResult<string>>;
  /** Takes in all sessions that have a pod, and prolongs the reservations of those that no run confirmed yet; false when the epoch changed meanwhile and they must be listed again. */
  rebuild(epoch: string, slots: readonly Slot[]): Promise<RedisResult<boolean>>;
}

/** How many sessions there may be. */
export function createAdmissionStore(input: {
  readonly redis: RedisClient;
  readonly keys: SessionKeys;
}): AdmissionStore {
  const { redis, keys } = input;
  const slotKeys = [keys.slots, keys.reservations, keys.tenantSlots];
  const send = (epoch: string, part: readonly Slot[], last: boolean) => ({
    script: rebuild,
    keys: [...slotKeys, keys.epoch],
    args: [epoch, last ? 1 : 0, reservationMs, ...part.flatMap(({ key, tenantHash }) => [key, tenantHash])],
  });
  return {
    admit: ({ key, tenantHash }, limits) =>
      redis.run('admit', async (commands) => {
        const { sessions, sessionsPerTenant, startsPerSecond, startsAtOnce } = limits;
        const [answer, retryMs] = (await runScript(commands, {
          script: admit,
          keys: [...slotKeys, keys.starts(tenantHash), keys.epoch],
          args: [key, tenantHash, sessions, sessionsPerTenant, startsPerSecond, startsAtOnce, reservationMs],
        })) as [AdmitAnswer['answer'], number];
        return { answer, retryMs };
      }),
    confirm: ({ key, tenantHash }, runId, sessions) =>
      redis.run('admit_confirm', async (commands) => {
        const args = [key, tenantHash, runId, sessions ?? ''];
        const answer = await runScript(commands, { script: confirm, keys: [...slotKeys, keys.epoch], args });
        return answer as ConfirmAnswer;
      }),
    release: (key, runId) =>
      redis.run('admit_release', async (commands) => {
        return (await runScript(commands, { script: release, keys: slotKeys, args: [key, runId] })) === 1;
      }),
    confirmed: () =>
      redis.run('admission_confirmed', async (commands) => {
        const held: HeldSlot[] = [];
        let cursor = '0';
        do {
          const [next, entries] = await commands.hscan(keys.slots, cursor, 'COUNT', readPerCall);
          for (let at = 0; at < entries.length; at += 2) {
            const [key = '', slot = ''] = entries.slice(at, at + 2);
            const runId = slot.split(' ')[1] ?? '';
            if (!key.startsWith('#') && runId !== '') held.push({ key, runId });
          }
          cursor = next;
        } while (cursor !== '0');
        return held;
      }),
    epoch: () =>
      redis.run('admission_epoch', async (commands) => String(await runScript(commands, send('', [], false)))),
    rebuild: (epoch, slots) =>
      redis.run('admission_rebuild', async (commands) => {
        for (let from = 0; from === 0 || from < slots.length; from += rebuiltPerCall) {
          const last = from + rebuiltPerCall >= slots.length;
          const answer = await runScript(commands, send(epoch, slots.slice(from, from + rebuiltPerCall), last));
          if (answer !== epoch) return false;
        }
        return true;
      }),
  };
}
