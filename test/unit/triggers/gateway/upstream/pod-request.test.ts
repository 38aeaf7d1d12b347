import { Readable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { requestHead } from '../../../../../triggers/gateway/upstream/sockets/pod-request.ts';

const get = { method: 'GET', path: '/a?b=c', headers: ['Host', 'h', 'X-A', 'é'], body: null };

describe('the head of a request to a pod', () => {
  it('is what it is made of, on a connection that is kept', () => {
    expect(requestHead(get)).toEqual({
      text: 'GET /a?b=c HTTP/1.1\r\nHost: h\r\nX-A: é\r\nConnection: keep-alive\r\n\r\n',
      isChunked: false,
    });
  });

  it.each([
    ['of a whole body', { method: 'PUT', body: Buffer.from('abc') }, 'Content-Length: 3\r\n', false],
    ['of a body that is empty', { method: 'POST', body: Buffer.alloc(0) }, 'Content-Length: 0\r\n', false],
    ['where a server may expect one', { method: 'POST' }, 'Content-Length: 0\r\n', false],
    ['of a stream', { method: 'POST', body: Readable.from([]) }, 'Transfer-Encoding: chunked\r\n', true],
  ])('says how its body ends: %s', (_name, changes, line, isChunked) => {
    const head = requestHead({ ...get, ...changes });
    expect(head).toEqual({ text: expect.stringContaining(line), isChunked });
    expect(head.text.match(/content-length|transfer-encoding/gi)).toHaveLength(1);
  });

  it('keeps the length that its headers give', () => {
    const headers = [...get.headers, 'content-length', '5'];
    const { text, isChunked } = requestHead({ ...get, method: 'POST', headers, body: Readable.from([]) });
    expect([text.match(/content-length: 5|transfer-encoding/gi)?.length, isChunked]).toEqual([1, false]);
  });

  it.each([
    { path: '/a b' },
    { path: '/a\r\nX: y' },
    { path: '' },
    { method: 'GET /x' },
    { headers: ['X-A: b\r\nX-B', 'c'] },
    { headers: ['', 'c'] },
    { headers: ['X-A', 'a\r\nX-B: c'] },
    { headers: ['X-A', 'a\nb'] },
    { headers: ['X-A', '\u{100}'] },
  ])('is never another than it is meant to be: %j', (changes) => {
    expect(() => requestHead({ ...get, ...changes })).toThrow('is not sound');
  });
});
