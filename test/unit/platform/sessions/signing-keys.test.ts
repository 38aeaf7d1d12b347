import { describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { parseSigningKeys, SigningKeysError } from '../../../../platform/sessions/signing-keys.ts';
import { check, propertySeed } from '../../../helpers/properties.ts';

const key = () => randomBytes(32).toString('base64');
const [old, young] = [`k1:${key()}`, `k2:${key()}`];

describe('signing keys', () => {
  it('sign with the first one, and verify with all of them', () => {
    const before = parseSigningKeys(old);
    const rotated = parseSigningKeys(`# new first\n${young}\n\n${old}\n`);
    expect(rotated.kid).toBe('k2');
    expect(rotated.verify('pod', before.sign('pod'))).toBe(true);
    expect(before.verify('pod', rotated.sign('pod'))).toBe(false);
    expect(rotated.podKey('s-a-1', 'k1')).toBe(before.podKey('s-a-1', 'k1'));
  });

  it('give each pod a key of its own, and none for a retired kid', () => {
    const keys = parseSigningKeys(`${young}\n${old}`);
    const made = [keys.podKey('a', 'k1'), keys.podKey('b', 'k1'), keys.podKey('a', 'k2')];
    expect(new Set(made).size).toBe(3);
    expect(parseSigningKeys(young).podKey('a', 'k1')).toBeUndefined();
  });

  it('never give out a signature as a pod key', () => {
    const keys = parseSigningKeys(old);
    expect(keys.sign('a')).not.toContain(keys.podKey('a', 'k1'));
  });

  it.each([
    ['nothing', '', /no key/],
    ['a comment only', '# k1:x', /no key/],
    ['no kid', key(), /line 1: write <kid>/],
    ['a kid with a dot', `a.b:${key()}`, /line 1: write <kid>/],
    ['a short key', `k1:${randomBytes(31).toString('base64')}`, /line 1: the key "k1" has 31 bytes/],
    ['a kid twice', `${old}\nk1:${key()}`, /line 2: the kid "k1" is there twice/],
  ])('are refused with the place when there is %s', (_what, text, message) => {
    expect(() => parseSigningKeys(text)).toThrow(SigningKeysError);
    expect(() => parseSigningKeys(text)).toThrow(message);
  });

  it('are never quoted', () => {
    const secret = randomBytes(20).toString('base64');
    for (const text of [`k1:${secret}`, `k 1:${secret}`, secret]) {
      try {
        parseSigningKeys(text);
        throw new Error('was taken');
      } catch (error) {
        expect((error as Error).message).not.toContain(secret.slice(0, 8));
      }
    }
  });
});

describe(`a signature (PODKEEPER_TEST_SEED=${propertySeed})`, () => {
  const keys = parseSigningKeys(`${young}\n${old}`);

  it('holds for its text and for no other', () => {
    check(fc.tuple(fc.string(), fc.string()), ([text, other]) => {
      expect(keys.verify(text, keys.sign(text))).toBe(true);
      if (other !== text) expect(keys.verify(other, keys.sign(text))).toBe(false);
    });
  });

  it('is never anything else that somebody writes', () => {
    const forged = fc.oneof(
      fc.string(),
      fc.string().map((text) => `k2.${text}`),
      fc.constantFrom('', '.', 'k1', 'k1.', 'k2..'),
    );
    check(forged, (signature) => {
      expect(keys.verify('pod', signature)).toBe(false);
    });
  });
});
