import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readIdentityAnswer } from '../../../../../triggers/gateway/upstream/identity-answer.ts';
import { check, propertySeed } from '../../../../helpers/properties.ts';

const claim = { podUid: 'uid-1', sessionKey: 'k'.repeat(26), incarnation: 7, mac: 'm'.repeat(43) };

function answer(body: string, headers = ''): Buffer {
  return Buffer.from(`HTTP/1.1 200 OK\r\n${headers}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
}

describe(`the answer of a pod that is asked who it is (seed ${propertySeed})`, () => {
  const whole = answer(JSON.stringify(claim), 'Content-Type: application/json\r\nConnection: keep-alive\r\n');

  it('is what the pod says of itself', () => {
    expect(readIdentityAnswer(whole)).toEqual({ ...claim, closes: false });
    expect(readIdentityAnswer(answer(JSON.stringify(claim), 'connection: Close\r\n'))).toMatchObject({ closes: true });
  });

  it.each(['X: a\r\nx: b\r\n', 'Connection: keep-alive\r\nConnection: keep-alive\r\n', 'X: \u00e9\r\n'])(
    'is refused with a header twice, or with more than ASCII: %j',
    (headers) => {
      expect(readIdentityAnswer(answer(JSON.stringify(claim), headers))).toHaveProperty('fault');
    },
  );

  it('is waited for while a part of it is missing, wherever it is cut', () => {
    for (let length = 0; length < whole.length; length += 1) {
      expect(readIdentityAnswer(whole.subarray(0, length))).toBeUndefined();
    }
  });

  it('is refused with anything after it', () => {
    check(fc.uint8Array({ minLength: 1, maxLength: 50 }), (more) => {
      expect(readIdentityAnswer(Buffer.concat([whole, more]))).toHaveProperty('fault');
    });
  });

  it('is never read out of arbitrary bytes, and reading them ends', () => {
    check(fc.tuple(fc.uint8Array({ maxLength: 300 }), fc.boolean()), ([bytes, begun]) => {
      const read = readIdentityAnswer(Buffer.concat([Buffer.from(begun ? 'HTTP/1.1 200 OK\r\n' : ''), bytes]));
      expect(read === undefined || 'fault' in read).toBe(true);
    });
  });

  it.each([
    ['null'],
    ['[]'],
    ['{}'],
    ['{'],
    [JSON.stringify({ ...claim, incarnation: '7' })],
    [JSON.stringify({ ...claim, incarnation: 1.5 })],
    [JSON.stringify({ ...claim, mac: undefined })],
    [JSON.stringify({ ...claim, podUid: 1 })],
  ])('is refused when its body is %s', (body) => {
    expect(readIdentityAnswer(answer(body))).toEqual({ fault: 'a body that is not JSON of a pod' });
  });

  it.each([
    'HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n',
    'HTTP/1.1 200\tOK\r\nContent-Length: 0\r\n\r\n',
    'HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n',
    'HTTP/1.1 200 OK\r\n\r\n',
    'HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n',
    'HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n',
    'HTTP/1.1 200 OK\r\nContent-Length : 0\r\n\r\n',
    'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n folded\r\n\r\n',
    'HTTP/1.1 200 OK\r\nContent-Length: 0\nX: 1\r\n\r\n',
    'HTTP/1.1 200 OK\r\nContent-Length: 0\r\nTransfer-Encoding: chunked\r\n\r\n',
    `HTTP/1.1 200 OK\r\nX: ${'x'.repeat(5000)}`,
  ])('is refused where others could read it in another way: %j', (text) => {
    expect(readIdentityAnswer(Buffer.from(text))).toHaveProperty('fault');
  });
});
