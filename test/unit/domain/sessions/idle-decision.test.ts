import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decideIdle, type IdleFacts } from '../../../../domain/sessions/idle/idle-decision.ts';
import { check, propertySeed } from '../../../helpers/properties.ts';

const nowMs = 1_000_000;
const timeoutMs = 600_000;

/** A session whose last request was longer ago than the time-out. */
const idle: IdleFacts = {
  nowMs,
  idleTimeoutMs: timeoutMs,
  incarnation: 7,
  record: { state: 'ready', incarnation: 7, lastActivityMs: nowMs - timeoutMs - 1 },
  leases: {},
  gateways: { one: nowMs - 1000 },
  epoch: { runId: 'r1', sinceMs: 0 },
  redisRunId: 'r1',
};

describe('an idle session', () => {
  it('is set draining', () => {
    expect(decideIdle(idle)).toEqual({ remainingMs: 0, lastActivityMs: nowMs - timeoutMs - 1 });
  });

  it('is kept for the rest of its time-out', () => {
    const record = { ...idle.record!, lastActivityMs: nowMs - 1000 };
    expect(decideIdle({ ...idle, record })).toMatchObject({ keep: 'recent-activity', remainingMs: timeoutMs - 1000 });
  });

  it('is kept while a request is in flight', () => {
    expect(decideIdle({ ...idle, leases: { one: nowMs + 1 } })).toMatchObject({
      keep: 'request-in-flight',
      remainingMs: timeoutMs,
    });
  });

  it('counts a lease that ended unreleased as activity until its end', () => {
    expect(decideIdle({ ...idle, leases: { one: nowMs - 10 } })).toMatchObject({
      keep: 'recent-activity',
      remainingMs: timeoutMs - 10,
    });
  });

  it('is kept for a whole time-out when its record is missing, or is of an older pod', () => {
    const kept = { keep: 'record-was-missing', remainingMs: timeoutMs, lastActivityMs: nowMs };
    expect(decideIdle({ ...idle, record: null })).toEqual(kept);
    expect(decideIdle({ ...idle, record: { ...idle.record!, incarnation: 6 } })).toEqual(kept);
  });

  it.each([
    ['was emptied', null],
    ['is another process', { runId: 'r0', sinceMs: 0 }],
    ['has just started', { runId: 'r1', sinceMs: nowMs - 19_999 }],
  ])('is kept when Redis %s', (_what, epoch) => {
    expect(decideIdle({ ...idle, epoch }).keep).toBe('redis-restarted');
  });

  it('is kept while a gateway is silent that may hold leases, until it counts as dead', () => {
    expect(decideIdle({ ...idle, gateways: { one: nowMs - 6001 } })).toMatchObject({
      keep: 'gateway-silent',
      remainingMs: 23_999,
    });
    expect(decideIdle({ ...idle, gateways: { one: nowMs - 30_001 } }).keep).toBeUndefined();
  });

  it('leaves the record of a newer pod alone', () => {
    expect(decideIdle({ ...idle, record: { ...idle.record!, incarnation: 8 } }).keep).toBe('superseded');
  });
});

const time = fc.integer({ min: nowMs - 700_000, max: nowMs + 20_000 });
const times = fc.dictionary(fc.constantFrom('one', 'two', 'three'), time);
const facts: fc.Arbitrary<IdleFacts> = fc.record({
  nowMs: fc.constant(nowMs),
  idleTimeoutMs: fc.integer({ min: 1000, max: timeoutMs }),
  incarnation: fc.constant(7),
  record: fc.option(
    fc.record({
      state: fc.constantFrom('ready' as const, 'draining' as const),
      incarnation: fc.constantFrom(6, 7, 8),
      lastActivityMs: time,
    }),
  ),
  leases: times,
  gateways: times,
  epoch: fc.option(fc.record({ runId: fc.constantFrom('r1', 'r2'), sinceMs: time })),
  redisRunId: fc.constant('r1'),
});

describe(`over any facts (PODKEEPER_TEST_SEED=${propertySeed})`, () => {
  it('no session is idle with a request in flight or before its time-out', () => {
    check(facts, (given) => {
      const { keep, remainingMs } = decideIdle(given);
      if (keep !== undefined) {
        expect(remainingMs).toBeGreaterThan(0);
        return;
      }
      expect(remainingMs).toBe(0);
      const ends = Object.values(given.leases);
      const latest = Math.max(given.record!.lastActivityMs, ...ends);
      expect(latest + given.idleTimeoutMs).toBeLessThanOrEqual(nowMs);
      expect(ends.every((endMs) => endMs <= nowMs)).toBe(true);
      expect(given.record?.incarnation).toBe(7);
    });
  });
});
