import type { LeaseStore, LeaseTarget } from '../../../platform/redis/sessions/leases/leases.ts';
import type { Metrics } from '../../../platform/metrics.ts';
import { startGatewayBeats } from './gateway-beats.ts';
import { type AskedLease, type Lease, newLease, takeAnswer } from './lease.ts';
import type { HeldLease, LeaseHolder, LeaseTaken } from './lease-holder.ts';
import { leaseTimes, type LeaseTimes } from './lease-times.ts';
import { createRedisLink } from './redis-link.ts';

/** Releases sent at once. */
const releasedAtOnce = 200;

export interface LeaseHolderOptions {
  readonly store: LeaseStore;
  readonly metrics: Pick<Metrics, 'sessionLeases' | 'sessionUnleased'>;
  readonly times?: Partial<LeaseTimes>;
  /** Milliseconds that only grow. */
  readonly clock?: () => number;
}

/**
 * Counts requests by session and incarnation, and keeps one lease on each in Redis while there are any. What Redis does
 * not answer is served without, and sent as soon as it does. After `close` every lease is answered so.
 */
export function createLeaseHolder(options: LeaseHolderOptions): LeaseHolder {
  const { store, metrics, clock = () => performance.now() } = options;
  const times = { ...leaseTimes, ...options.times };
  const { grantMs } = times;
  const leases = new Map<string, Lease>();
  let closed = false;
  /** The renewal that is under way, one at a time. */
  let renewing: Promise<void> = Promise.resolve();

  const link = createRedisLink({ downMs: times.downMs, clock, onFailure: () => beats.failed() });
  const begin = (name: string, target: LeaseTarget): Lease => {
    const lease = newLease(target, clock());
    leases.set(name, lease);
    showCount();
    return lease;
  };
  const showCount = () => metrics.sessionLeases.set(leases.size);
  const idleForMs = (lease: Lease) => (lease.count > 0 ? 0 : clock() - lease.idleSinceMs);
  const forget = (lease: Lease) => {
    clearTimeout(lease.keepTimer);
    leases.delete(nameOf(lease.target.key, lease.target.incarnation));
    showCount();
  };

  const hold = (lease: Lease): HeldLease => {
    lease.count += 1;
    let released = false;
    return {
      ending: lease.ending.signal,
      release() {
        if (released) return;
        released = true;
        lease.count -= 1;
        if (lease.count > 0) return;
        lease.idleSinceMs = clock();
        rest(lease);
      },
    };
  };
  const holdUnleased = (lease: Lease): LeaseTaken => {
    if (lease.refusal === 'gone' || lease.refusal === 'draining') {
      if (lease.count === 0) rest(lease);
      return { state: lease.refusal };
    }
    metrics.sessionUnleased.inc();
    lease.unsent = true;
    return { state: 'held', lease: hold(lease), unleased: true };
  };

  const ask = async (lease: Lease): Promise<AskedLease> => {
    // A release that overtook the grant would end it.
    if (lease.releasing !== undefined) await lease.releasing;
    const sentMs = clock();
    const result = link.see(await store.acquire(lease.target));
    lease.asking = undefined;
    if (!result.ok) return 'unanswered';
    const answer = result.value === 'granted' ? 'ok' : result.value;
    takeAnswer(lease, { answer, sentMs, grantMs });
    if (answer !== 'ok' && lease.count === 0) rest(lease);
    return result.value;
  };
  const settle = (lease: Lease, asked: AskedLease): LeaseTaken => {
    if (asked === 'granted') return { state: 'held', lease: hold(lease), unleased: false };
    return asked === 'unanswered' ? holdUnleased(lease) : { state: asked };
  };

  /** No request is in flight: the last one has ended, or the first was refused. */
  const rest = (lease: Lease) => {
    if (lease.asking !== undefined || closed) return;
    // A session that drains waits for its leases; of one that is gone there is nothing to release.
    if (lease.refusal === 'draining') void release(lease);
    else if (lease.refusal !== undefined && !lease.unsent) forget(lease);
    else keep(lease);
  };
  const keep = (lease: Lease) => {
    // One timer a lease, which looks at what is then: requests come and go more often than it.
    if (lease.keepTimer !== undefined) return;
    const restMs = Math.max(0, Math.min(times.keptMs, lease.idleTimeoutMs / 4) - idleForMs(lease));
    lease.keepTimer = setTimeout(() => {
      lease.keepTimer = undefined;
      if (lease.count > 0 || lease.asking !== undefined || lease.releasing !== undefined) return;
      if (idleForMs(lease) + 1 < Math.min(times.keptMs, lease.idleTimeoutMs / 4)) keep(lease);
      else void release(lease);
    }, restMs);
    lease.keepTimer.unref();
  };
  const release = (lease: Lease): Promise<void> => {
    lease.grantedUntilMs = -Infinity;
    lease.releasing ??= (async () => {
      // A renewal that was sent before could otherwise come after, and keep the session for its time to live.
      await renewing;
      const result = link.see(await store.release(lease.target, idleForMs(lease)));
      lease.releasing = undefined;
      // Redis has not heard of the last use, which counts until the session is idle by it.
      lease.unsent = !result.ok;
      const over = result.ok || idleForMs(lease) > lease.idleTimeoutMs;
      if (over && lease.count === 0 && lease.asking === undefined) forget(lease);
    })();
    return lease.releasing;
  };

  const renew = (): Promise<void> => {
    const before = renewing;
    renewing = (async () => {
      await before;
      const inUse = [...leases.values()].filter(
        ({ count, refusal, releasing }) => count > 0 && refusal !== 'gone' && releasing === undefined,
      );
      if (inUse.length === 0) return;
      const sentMs = clock();
      const answers = link.see(await store.renew(inUse.map(({ target }) => target)));
      if (!answers.ok) return;
      for (const [index, lease] of inUse.entries()) {
        const answer = answers.value[index];
        // One that is being released meanwhile must be asked for again.
        if (answer !== undefined && lease.releasing === undefined) takeAnswer(lease, { answer, sentMs, grantMs });
      }
    })();
    return renewing;
  };
  const releaseAll = async (which: (lease: Lease) => boolean) => {
    const all = [...leases.values()].filter(which);
    for (let from = 0; from < all.length; from += releasedAtOnce) {
      await Promise.all(all.slice(from, from + releasedAtOnce).map((lease) => release(lease)));
    }
  };
  const sendAll = async () => {
    await renew();
    await releaseAll(({ unsent, count, asking }) => unsent && count === 0 && asking === undefined);
  };

  const beats = startGatewayBeats({ store, link, times, sendAll });
  const renewTimer = setInterval(() => void renew(), times.renewEveryMs);
  renewTimer.unref();
  showCount();

  return {
    take({ key, incarnation }, idleTimeoutSeconds) {
      const name = nameOf(key, incarnation);
      const taken = leases.get(name) ?? begin(name, { key, incarnation });
      taken.idleTimeoutMs = idleTimeoutSeconds * 1000;
      if (clock() < taken.grantedUntilMs) return { state: 'held', lease: hold(taken), unleased: false };
      if (closed || (taken.asking === undefined && taken.releasing === undefined && link.isDown()))
        return holdUnleased(taken);
      taken.asking ??= ask(taken);
      return taken.asking.then((asked) => settle(taken, asked));
    },
    get count() {
      return leases.size;
    },
    async close() {
      if (closed) return;
      closed = true;
      clearInterval(renewTimer);
      await beats.stop();
      await Promise.all([...leases.values()].flatMap(({ asking }) => asking ?? []));
      const { failures } = link;
      await releaseAll(() => true);
      // Off the list it must not be while Redis has leases of it; they end by themselves.
      if (link.failures === failures) link.see(await store.leave());
      for (const { keepTimer } of leases.values()) clearTimeout(keepTimer);
      leases.clear();
      showCount();
    },
  };
}

function nameOf(key: string, incarnation: number): string {
  return `${key} ${incarnation}`;
}
