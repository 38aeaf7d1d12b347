import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  moveSession,
  newSession,
  sessionPhases,
  type SessionMove,
  type SessionStanding,
  takesRequests,
} from '../../../../domain/sessions/state/session-state.ts';
import { check, propertySeed } from '../../../helpers/properties.ts';

const move: fc.Arbitrary<SessionMove> = fc.record(
  {
    to: fc.constantFrom(...sessionPhases),
    incarnation: fc.integer({ min: 1, max: 4 }),
    drain: fc.constantFrom('idle', 'terminate', 'max-lifetime'),
  },
  { requiredKeys: ['to', 'incarnation'] },
);

/** Every standing on the way, the first one included. */
function play(moves: readonly SessionMove[]): SessionStanding[] {
  const standings = [newSession];
  for (const next of moves) {
    const moved = moveSession(standings.at(-1)!, next);
    if (moved !== undefined) standings.push(moved);
  }
  return standings;
}

function standing(...moves: readonly SessionMove[]): SessionStanding {
  const standings = play(moves);
  expect(standings).toHaveLength(moves.length + 1);
  return standings.at(-1)!;
}

const starting = { to: 'Starting', incarnation: 1 } as const;
const ready = { to: 'Ready', incarnation: 1 } as const;
const deleting = { to: 'Deleting', incarnation: 1 } as const;
const draining = (drain: 'idle' | 'terminate' | 'max-lifetime') => ({ to: 'Draining', incarnation: 1, drain }) as const;

describe('a session', () => {
  it('begins with a pod that starts, and takes requests once it is ready', () => {
    expect(takesRequests(newSession)).toBe(false);
    expect(takesRequests(standing(starting))).toBe(false);
    expect(takesRequests(standing(starting, ready))).toBe(true);
  });

  it('is called back by a request while it drains for idleness, and still takes requests meanwhile', () => {
    expect(takesRequests(standing(starting, ready, draining('idle')))).toBe(true);
    expect(standing(starting, ready, draining('idle'), ready)).toEqual({ phase: 'Ready', incarnation: 1, drain: null });
  });

  it('comes back when the seal on an idle one is refused', () => {
    expect(standing(starting, ready, draining('idle'), deleting, ready).phase).toBe('Ready');
  });

  it.each(['terminate', 'max-lifetime'] as const)('is not called back when it ends for %s', (drain) => {
    const ending = standing(starting, ready, draining(drain));
    expect(takesRequests(ending)).toBe(false);
    expect(moveSession(ending, ready)).toBeUndefined();
    expect(moveSession(standing(starting, ready, draining(drain), deleting), ready)).toBeUndefined();
  });

  it('heals: a lost pod is followed by the next incarnation', () => {
    expect(
      standing(starting, ready, { to: 'Lost', incarnation: 1 }, { to: 'Starting', incarnation: 2 }).incarnation,
    ).toBe(2);
  });

  it('that is ended while it starts is deleted without ever being ready', () => {
    expect(standing(starting, deleting).drain).toBe('terminate');
  });
});

describe(`any order of moves (PODKEEPER_TEST_SEED=${propertySeed})`, () => {
  it('keeps the incarnation from going back, and gives each one at most one start', () => {
    check(fc.array(move, { maxLength: 40 }), (moves) => {
      const standings = play(moves);
      for (const [index, { incarnation, phase }] of standings.entries()) {
        const before = standings[index - 1];
        if (before === undefined) continue;
        expect(incarnation).toBeGreaterThanOrEqual(before.incarnation);
        if (phase === 'Starting') expect(incarnation).toBeGreaterThan(before.incarnation);
      }
    });
  });

  it('has a reason to drain exactly while it drains or deletes', () => {
    check(fc.array(move, { maxLength: 40 }), (moves) => {
      for (const { phase, drain } of play(moves)) {
        expect(drain !== null).toBe(phase === 'Draining' || phase === 'Deleting');
      }
    });
  });

  it('never makes an incarnation ready again after it was asked to end', () => {
    check(fc.array(move, { maxLength: 60 }), (moves) => {
      let ended = 0;
      for (const { phase, drain, incarnation } of play(moves)) {
        if (drain === 'terminate' || drain === 'max-lifetime') ended = incarnation;
        if (phase === 'Ready') expect(incarnation).toBeGreaterThan(ended);
      }
    });
  });
});
