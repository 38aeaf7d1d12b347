import { describe, expect, it } from '@jest/globals';
import { checkSessions } from '../../../../dev/demo/sessions/check-sessions.ts';
import { idleTimeoutSeconds } from '../../../../dev/demo/sessions/demo-session.ts';
import { nothingSeen, type SeenAnswer, type SessionRecord } from '../../../../dev/demo/sessions/session-record.ts';

const startedMs = Date.parse('2026-01-01T00:00:00Z');

function answer(incarnation: number, count: number, start = 'existing'): SeenAnswer {
  return { start, incarnation, count, seconds: 0.5 };
}

const lastAnswerMs = startedMs + 10_000;
const goneMs = lastAnswerMs + idleTimeoutSeconds * 1000 + 500;

const good: SessionRecord = {
  startedMs,
  answers: [answer(1, 1, 'cold'), answer(1, 2), answer(1, 3), answer(2, 1, 'healed')],
  pods: [
    { name: 's-1', incarnation: 1, createdMs: startedMs, goneMs: startedMs + 5000 },
    { name: 's-2', incarnation: 2, createdMs: startedMs + 5000, goneMs },
  ],
  killed: 's-1',
  why: 'It has just become ready.',
  lastAnswerMs,
  run: { url: 'http://127.0.0.1/run', endedBy: 'idle', heals: 1 },
};

function problems(more: Partial<SessionRecord>): string[] {
  return checkSessions({ ...good, ...more }).flatMap(({ ok, what }) => (ok ? [] : [what]));
}

describe('the check of the session in the demo', () => {
  it('is content with a session that was made, reused, healed and removed when idle', () => {
    expect(checkSessions(good).every(({ ok }) => ok)).toBe(true);
  });

  it('is not content before anything happened', () => {
    expect(checkSessions(nothingSeen(startedMs)).map(({ ok }) => ok)).toEqual([false, false, false]);
  });

  it('finds a pod that was there before anybody asked', () => {
    const pods = [{ ...good.pods[0]!, createdMs: startedMs - 60_000 }, good.pods[1]!];
    expect(problems({ pods })).toEqual([expect.stringContaining('before the first request')]);
  });

  it('finds a request that landed on another pod', () => {
    const answers = [answer(1, 1, 'cold'), answer(1, 2), answer(3, 1)];
    expect(problems({ answers })).toEqual([expect.stringContaining('did not all land on its pod')]);
  });

  it('finds a dead pod that nothing replaced', () => {
    expect(problems({ answers: good.answers.slice(0, 3) })).toEqual([expect.stringContaining('no other one answered')]);
  });

  it('finds a removal that came too early', () => {
    const pods = [good.pods[0]!, { ...good.pods[1]!, goneMs: lastAnswerMs + idleTimeoutSeconds * 1000 - 100 }];
    expect(problems({ pods })).toEqual([expect.stringContaining('too early')]);
  });

  it('finds a run that tells another story', () => {
    const run = { url: '', endedBy: 'terminate', heals: 0 };
    expect(problems({ run })).toEqual([expect.stringContaining('"terminate" with 0 heals')]);
  });
});
