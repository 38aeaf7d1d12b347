import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { challengeText, claimText } from '../../../../domain/sessions/handshake/handshake-texts.ts';
import { mac, sameMac } from '../../../../platform/sessions/signing-keys.ts';
import { check, propertySeed } from '../../../helpers/properties.ts';

const nonce = fc.stringMatching(/^[0-9a-f]{32}$/);
const claim = fc.record({
  podUid: fc.uuid(),
  sessionKey: fc.stringMatching(/^[a-z2-7]{26}$/),
  incarnation: fc.integer({ min: 1 }),
});

describe(`the proof of a pod (PODKEEPER_TEST_SEED=${propertySeed})`, () => {
  it('holds for one nonce and one claim only', () => {
    check(fc.tuple(nonce, claim, nonce, claim), ([one, own, other, foreign]) => {
      const same = JSON.stringify([one, own]) === JSON.stringify([other, foreign]);
      expect(sameMac(mac('key', claimText(one, own)), mac('key', claimText(other, foreign)))).toBe(same);
    });
  });

  it('is never what a gateway proves itself with', () => {
    check(fc.tuple(nonce, claim), ([one, own]) => {
      expect(mac('key', claimText(one, own))).not.toBe(mac('key', challengeText(one)));
    });
  });

  it('takes the key of that pod', () => {
    check(fc.tuple(nonce, claim), ([one, own]) => {
      expect(sameMac(mac('key', claimText(one, own)), mac('other key', claimText(one, own)))).toBe(false);
    });
  });
});
