import { describe, expect, it } from '@jest/globals';
import { TokenError } from '../../../../../platform/auth/token-error.ts';
import type { VerifiedToken } from '../../../../../platform/auth/token-verifier.ts';
import { createAuthenticate } from '../../../../../triggers/gateway/auth/authenticate.ts';
import { Problem } from '../../../../../triggers/http/problems/problem.ts';

const skewMs = 30_000;

function setUp({ maxTokens = 10, expMs = 1_000_000 } = {}) {
  const checked: string[] = [];
  let nowMs = 0;
  let refused = false;
  const verify = (token: string): Promise<VerifiedToken> => {
    checked.push(token);
    if (refused) return Promise.reject(new TokenError('not-accepted'));
    return Promise.resolve({ subject: token, scopes: new Set(), expiresAt: new Date(expMs), claims: { sub: token } });
  };
  const authenticate = createAuthenticate({ verify, tenantClaim: '', ownerClaim: 'sub', maxTokens, now: () => nowMs });
  return {
    checked,
    ask: async (token: string) => (await authenticate({ authorization: `Bearer ${token}` })).subject,
    isKnown: (token: string) => !(authenticate({ authorization: `Bearer ${token}` }) instanceof Promise),
    at: (ms: number) => void (nowMs = ms),
    refuse: () => void (refused = true),
  };
}

describe('a token that was found good', () => {
  it('is not checked again, and answers at once', async () => {
    const { ask, checked, isKnown } = setUp();
    expect([await ask('a'), await ask('a')]).toEqual(['a', 'a']);
    expect(checked).toEqual(['a']);
    expect(isKnown('a')).toBe(true);
  });

  it('is checked again from the moment it has expired for the verifier, not before', async () => {
    const { ask, checked, at, refuse } = setUp({ expMs: 100_000 });
    await ask('a');
    refuse();
    at(100_000 + skewMs - 1);
    expect(await ask('a')).toBe('a');
    at(100_000 + skewMs);
    await expect(ask('a')).rejects.toThrow(Problem);
    expect(checked.length).toBe(2);
  });

  it('is checked again after five minutes: its key may have been withdrawn', async () => {
    const { ask, at, refuse } = setUp();
    await ask('a');
    refuse();
    at(299_999);
    expect(await ask('a')).toBe('a');
    at(300_000);
    await expect(ask('a')).rejects.toThrow(Problem);
    // And is not known any more.
    at(0);
    await expect(ask('a')).rejects.toThrow(Problem);
  });

  it('is forgotten when it is the one not used for longest of too many', async () => {
    const { ask, checked, isKnown } = setUp({ maxTokens: 2 });
    for (const token of ['a', 'b', 'a', 'c']) await ask(token);
    expect(isKnown('a')).toBe(true);
    expect(isKnown('c')).toBe(true);
    expect(checked).toEqual(['a', 'b', 'c']);
    await ask('b');
    expect(checked).toEqual(['a', 'b', 'c', 'b']);
  });
});

describe('a token that was refused', () => {
  it('is checked each time: one that is not good now can be later', async () => {
    const { ask, checked, refuse } = setUp();
    refuse();
    await expect(ask('a')).rejects.toThrow(Problem);
    await expect(ask('a')).rejects.toThrow(Problem);
    expect(checked).toEqual(['a', 'a']);
  });
});
