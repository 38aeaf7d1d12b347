import { describe, expect, it, jest } from '@jest/globals';
import { createHash } from 'node:crypto';
import { sessionKey } from '../../../../../domain/sessions/identity/session-key.ts';
import { createSessionTargets } from '../../../../../triggers/gateway/api/session-targets.ts';
import type { Caller } from '../../../../../triggers/gateway/session/caller.ts';

function callerOf(tenant: string, owner: string): Caller {
  return { subject: owner, tenant, owner, admin: false, classes: null, expiresAtMs: Infinity };
}

function keyAnew({ tenant, owner }: Caller, id: string): string {
  return sessionKey({ tenant, owner, id }, (text) => createHash('sha256').update(text).digest());
}

describe('keys of sessions, which are kept', () => {
  it('are the same the second time', () => {
    const targets = createSessionTargets(new Map());
    const caller = callerOf('t', 'ann');
    expect([targets.keyOf(caller, 'a'), targets.keyOf(caller, 'a')]).toEqual([
      keyAnew(caller, 'a'),
      keyAnew(caller, 'a'),
    ]);
  });

  it('are never given to another owner or tenant that names the same id', () => {
    const targets = createSessionTargets(new Map());
    const callers = [callerOf('t', 'ann'), callerOf('t', 'bob'), callerOf('u', 'ann'), callerOf('', 'tann')];
    for (const round of [1, 2]) {
      const keys = callers.map((caller) => targets.keyOf(caller, 'a'));
      expect({ round, keys }).toEqual({ round, keys: callers.map((caller) => keyAnew(caller, 'a')) });
      expect(new Set(keys).size).toBe(callers.length);
    }
  });

  it('are right for more sessions than are kept', () => {
    const targets = createSessionTargets(new Map(), 3);
    const callers = [callerOf('t', 'ann'), callerOf('t', 'bob')];
    const ids = ['a', 'b', 'c', 'd', 'a', 'constructor', '__proto__', 'b'];
    for (const caller of callers) {
      for (const id of ids) expect(targets.keyOf(caller, id)).toBe(keyAnew(caller, id));
    }
  });

  it('are no more than the bound: after as many others, a key is made anew', () => {
    const read = jest.fn(() => 'ann');
    const caller = Object.defineProperty(callerOf('t', ''), 'owner', { get: read });
    const targets = createSessionTargets(new Map(), 2);
    const madeAnew = (id: string) => {
      const before = read.mock.calls.length;
      targets.keyOf(caller, id);
      return read.mock.calls.length > before;
    };
    expect(['a', 'b', 'a', 'b', 'c', 'c', 'a'].map(madeAnew)).toEqual([true, true, false, false, true, false, true]);
  });
});
