import { describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { nextIncarnation } from '../../../../domain/sessions/identity/incarnation.ts';
import { parseSessionId } from '../../../../domain/sessions/identity/session-id.ts';
import { isSessionKey, sessionKey } from '../../../../domain/sessions/identity/session-key.ts';
import {
  parseSessionPodName,
  sessionNamespace,
  sessionNamespaces,
  sessionPodName,
} from '../../../../domain/sessions/identity/session-names.ts';
import { check, propertySeed } from '../../../helpers/properties.ts';

const sha256 = (text: string) => createHash('sha256').update(text).digest();
const part = fc.string({ unit: 'binary', maxLength: 40 });

describe('a session id', () => {
  it.each(['alice-1', 'a', '-x', '_', '~a.b', 'A'.repeat(128), 'a..b'])('is taken as it is: %s', (id) => {
    expect(parseSessionId(id)).toBe(id);
  });

  it.each([
    '',
    '.',
    '..',
    '.hidden',
    'a b',
    'a/b',
    'ä',
    'A'.repeat(129),
    'a\n',
    'a%',
    '%2e%2e',
    '%2fetc',
    'a%00',
    '%252e',
  ])('is not %j', (segment) => {
    expect(parseSessionId(segment)).toBeUndefined();
  });

  it('is decoded once', () => {
    expect(parseSessionId('alice%2D1')).toBe('alice-1');
    expect(parseSessionId('alice%252D1')).toBeUndefined();
  });
});

describe(`a session key (PODKEEPER_TEST_SEED=${propertySeed})`, () => {
  it('fits into every name and is the same every time', () => {
    check(fc.record({ tenant: part, owner: part, id: part }), (identity) => {
      const key = sessionKey(identity, sha256);
      expect(isSessionKey(key)).toBe(true);
      expect(sessionKey({ ...identity }, sha256)).toBe(key);
      expect(sessionPodName(key, 2 ** 53 - 1).length).toBeLessThanOrEqual(63);
    });
  });

  it('differs when text moves from one part to another', () => {
    check(fc.tuple(part, part, fc.nat(40)), ([tenant, owner, cut]) => {
      const text = tenant + owner;
      const moved = { tenant: text.slice(0, cut), owner: text.slice(cut), id: 'x' };
      fc.pre(moved.tenant !== tenant);
      expect(sessionKey(moved, sha256)).not.toBe(sessionKey({ tenant, owner, id: 'x' }, sha256));
    });
  });

  it('is the first 26 characters of the base32 every other tool computes', () => {
    // printf '0:5:alice7:alice-1' | openssl dgst -sha256 -binary | base32 | tr A-Z a-z | cut -c1-26
    expect(sessionKey({ tenant: '', owner: 'alice', id: 'alice-1' }, sha256)).toBe('ch7ia4lc372tnadj65oxgquw4f');
  });
});

describe('the name of a session pod', () => {
  it('tells the key and the incarnation', () => {
    const key = sessionKey({ tenant: 't', owner: 'o', id: 'i' }, sha256);
    expect(parseSessionPodName(sessionPodName(key, 1_763_700_000_000))).toEqual({
      key,
      incarnation: 1_763_700_000_000,
    });
  });

  it.each([
    'web-1',
    's-abc-1',
    `s-${'a'.repeat(26)}-0`,
    `s-${'a'.repeat(26)}-`,
    `s-${'a'.repeat(26)}-99999999999999999`,
  ])('is not %s', (name) => {
    expect(parseSessionPodName(name)).toBeUndefined();
  });
});

describe('a shard', () => {
  it('is one of the namespaces, and the base itself when there is one', () => {
    check(fc.tuple(part, fc.integer({ min: 1, max: 50 })), ([id, shards]) => {
      const key = sessionKey({ tenant: '', owner: '', id }, sha256);
      expect(sessionNamespaces('pods', shards)).toContain(sessionNamespace({ base: 'pods', shards, key }));
    });
    expect(sessionNamespaces('pods', 1)).toEqual(['pods']);
  });

  it('is as likely as every other', () => {
    const counts = new Map<string, number>();
    for (let index = 0; index < 4000; index += 1) {
      const key = sessionKey({ tenant: '', owner: '', id: `s-${index}` }, sha256);
      const namespace = sessionNamespace({ base: 'pods', shards: 4, key });
      counts.set(namespace, (counts.get(namespace) ?? 0) + 1);
    }
    expect([...counts.keys()].sort()).toEqual(['pods-0', 'pods-1', 'pods-2', 'pods-3']);
    expect(Math.min(...counts.values())).toBeGreaterThan(800);
  });
});

describe('an incarnation', () => {
  it('grows, also when the clock goes back', () => {
    check(fc.tuple(fc.nat(), fc.nat()), ([nowMs, highest]) => {
      const next = nextIncarnation(nowMs, highest);
      expect(next).toBeGreaterThan(highest);
      expect(next).toBeGreaterThanOrEqual(nowMs);
    });
  });
});
