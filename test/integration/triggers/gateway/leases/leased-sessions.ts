import { setTimeout as sleep } from 'node:timers/promises';
import type { HeldLease, LeaseHolder } from '../../../../../triggers/gateway/leases/lease-holder.ts';
import type { SeededRandom } from '../../../../helpers/seeded-random.ts';
import { type SessionRedis } from '../../../../helpers/sessions/session-redis.ts';

/** Much shorter than real ones. */
const idleTimeoutMs = 300;
/** Redis counts whole milliseconds, at its own moment of a command. */
const toleranceMs = 5;

interface Request {
  readonly sinceMs: number;
  readonly unleased: boolean;
}

interface Session {
  readonly key: string;
  incarnation: number;
  readonly inFlight: Set<Request>;
  lastEndMs: number;
}

/** Sessions with random requests through a lease holder, their runs that end them when idle, and a witness of both. */
export function createLeasedSessions(input: {
  readonly redis: SessionRedis;
  readonly holder: LeaseHolder;
  readonly random: SeededRandom;
  /** How long Redis has been without a fault. */
  readonly soundForMs: () => number;
}) {
  const { redis, holder, random, soundForMs } = input;
  const sessions = ['a', 'b', 'c'].map((letter): Session => ({
    key: letter.repeat(26),
    incarnation: 1,
    inFlight: new Set(),
    lastEndMs: performance.now(),
  }));
  const faults: string[] = [];
  const seen = { requests: 0, unleased: 0, checks: 0, ended: 0, calledBack: 0 };
  const pod = ({ key, incarnation }: Session) => ({ key, incarnation, podUid: `u${incarnation}`, tenantHash: 't' });

  /** As the request path does: what Redis refuses is put right by the session's run. */
  const reach = async (session: Session): Promise<{ readonly lease: HeldLease; readonly unleased: boolean } | null> => {
    const { incarnation } = session;
    const taken = await holder.take({ key: session.key, incarnation }, idleTimeoutMs / 1000);
    if (taken.state === 'held') return taken;
    if (taken.state === 'missing') await redis.life.publish(pod(session));
    if (taken.state === 'draining' && (await redis.life.undrain(pod(session), true)).ok) seen.calledBack += 1;
    return null;
  };
  const requests = async (session: Session, until: AbortSignal) => {
    while (!until.aborted) {
      const reached = await reach(session);
      if (reached !== null) {
        const request = { sinceMs: performance.now(), unleased: reached.unleased };
        session.inFlight.add(request);
        seen.requests += 1;
        if (reached.unleased) seen.unleased += 1;
        await sleep(random.pick([0, 5, 20, 100, 500]));
        session.inFlight.delete(request);
        session.lastEndMs = performance.now();
        reached.lease.release();
      }
      await sleep(random.pick([0, 5, 50, 400, 900]));
    }
  };

  /** Ends the session whenever it is idle, and goes on with its next pod. */
  const run = async (session: Session, until: AbortSignal) => {
    while (!until.aborted) {
      await sleep(random.pick([10, 30]));
      const [askedMs, before] = [performance.now(), [...session.inFlight]];
      const decided = await redis.life.idleDecide(pod(session), idleTimeoutMs);
      if (!decided.ok || decided.value.keep !== null) continue;
      if (soundForMs() > 0) {
        if (before.some((request) => session.inFlight.has(request))) faults.push('drained with a request in flight');
        const idleMs = performance.now() - session.lastEndMs;
        if (session.lastEndMs < askedMs && idleMs < idleTimeoutMs - toleranceMs)
          faults.push(`idle for ${idleMs} ms only`);
      }
      await sleep(random.pick([0, 20]));
      const inFlight = [...session.inFlight];
      const sealed = await redis.life.seal(pod(session), true);
      if (!sealed.ok) continue;
      if (sealed.value !== 'sealed') {
        await redis.life.undrain(pod(session), true);
        continue;
      }
      if (soundForMs() > 0 && inFlight.some((request) => session.inFlight.has(request))) {
        faults.push('sealed with a request in flight');
      }
      seen.ended += 1;
      session.incarnation += 1;
      await redis.life.publish(pod(session));
    }
  };

  /** Whenever a request is in flight and Redis works, its lease is live. */
  const witness = async (session: Session, until: AbortSignal) => {
    while (!until.aborted) {
      await sleep(10);
      const { incarnation } = session;
      const before = [...session.inFlight];
      if (soundForMs() === 0 || before.length === 0) continue;
      const ends = Number(await redis.direct.hget(redis.keys.leases(session.key), 'one').catch(() => 0));
      const live = ends > (await redis.now().catch(() => 0));
      const lasting = before.filter(({ sinceMs, unleased }) => !unleased || performance.now() - sinceMs > 1000);
      const checked = lasting.some((request) => session.inFlight.has(request)) && incarnation === session.incarnation;
      if (!checked || soundForMs() === 0) continue;
      seen.checks += 1;
      if (!live) faults.push('a request in flight without a lease');
    }
  };

  return {
    faults,
    seen,
    publishAll: async () => {
      for (const session of sessions) await redis.life.publish(pod(session));
    },
    play: async (until: AbortSignal): Promise<void> => {
      await Promise.all(
        sessions.flatMap((session) => [
          requests(session, until),
          requests(session, until),
          run(session, until),
          witness(session, until),
        ]),
      );
    },
  };
}
