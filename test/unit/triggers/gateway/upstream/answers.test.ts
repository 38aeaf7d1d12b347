import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { propertySeed } from '../../../../helpers/properties.ts';
import { AnswerReader } from '../../../../../triggers/gateway/upstream/answer/answer-reader.ts';

interface Read {
  readonly status?: number;
  readonly reason?: string;
  readonly headers?: readonly string[];
  readonly body: string;
  readonly trailers?: readonly string[];
  readonly isKept?: boolean;
  readonly keptSeconds?: number | undefined;
  readonly ends: number;
  readonly fault?: string;
}

/** What a reader makes of bytes that come in the given parts, with the connection's end after them if `closed`. */
function read(parts: readonly string[], { method = 'GET', closed = false } = {}): Read {
  let seen: Read = { body: '', ends: 0 };
  const reader = new AnswerReader(method, {
    onHead: ({ status, reason, headers }) => (seen = { ...seen, status, reason, headers }),
    onBody: (chunk) => (seen = { ...seen, body: seen.body + chunk.toString('latin1') }),
    onEnd: (trailers, connection) => (seen = { ...seen, ...connection, trailers, ends: seen.ends + 1 }),
  });
  for (const part of parts) {
    const fault = reader.take(Buffer.from(part, 'latin1'));
    if (fault !== undefined) return { ...seen, ...fault };
    // What comes after it is not the reader's.
    if (seen.ends > 0) return seen;
  }
  const fault = closed ? reader.takeEnd() : undefined;
  return { ...seen, ...fault };
}

const ok = 'HTTP/1.1 200 OK\r\n';

describe('an answer of a pod', () => {
  it('has a body of the length it says', () => {
    expect(read([`${ok}Content-Type: text/plain\r\nX-Empty:\r\ncontent-length: 5\r\n\r\nhello`])).toEqual({
      ...{ status: 200, reason: 'OK', headers: ['Content-Type', 'text/plain', 'X-Empty', '', 'content-length', '5'] },
      ...{ body: 'hello', trailers: [], isKept: true, keptSeconds: undefined, ends: 1 },
    });
  });

  it('has a body in chunks, with trailers', () => {
    const text = `${ok}Transfer-Encoding: Chunked\r\n\r\n3;a=b\r\nhel\r\n2\r\nlo\r\n0\r\nX-Sum:  7 \r\n\r\n`;
    expect(read([text])).toMatchObject({ body: 'hello', trailers: ['X-Sum', '7'], isKept: true, ends: 1 });
  });

  it('has a body up to the end of the connection when it says nothing else', () => {
    expect(read([`${ok}\r\nhel`, 'lo'], { closed: true })).toMatchObject({ body: 'hello', isKept: false, ends: 1 });
  });

  it.each([
    ['HEAD', `${ok}Content-Length: 5\r\n\r\n`],
    ['GET', 'HTTP/1.1 204 No Content\r\n\r\n'],
    ['GET', 'HTTP/1.1 304 Not Modified\r\nContent-Length: 0\r\n\r\n'],
    ['HEAD', `${ok}Transfer-Encoding: chunked\r\n\r\n`],
    ['HEAD', `${ok}\r\n`],
    ['GET', 'HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n'],
    ['GET', 'HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n'],
    ['GET', `${ok}Content-Length: 0\r\n\r\n`],
  ])('has none when it can have none: %s, %j', (method, text) => {
    // What announces a body all the same may come with one, which would be taken for the next answer.
    const isKept = method !== 'HEAD' && !/: 5|chunked/.test(text);
    expect(read([text], { method })).toMatchObject({ body: '', isKept, ends: 1 });
  });

  it('comes after hints, which are left out', () => {
    const hints = 'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n';
    expect(read([`${hints}${ok}Content-Length: 2\r\n\r\nhi`])).toMatchObject({ status: 200, body: 'hi', ends: 1 });
  });

  it.each<[head: string, isKept: boolean, keptSeconds: number | undefined]>([
    ['HTTP/1.1 200 OK\r\nConnection: close\r\n', false, undefined],
    ['HTTP/1.1 200 OK\r\nConnection: Upgrade, Close\r\n', false, undefined],
    ['HTTP/1.1 200 OK\r\nConnection: close\r\nConnection: keep-alive\r\n', false, undefined],
    ['HTTP/1.0 200 OK\r\n', false, undefined],
    ['HTTP/1.0 200 OK\r\nConnection: keep-alive\r\n', true, undefined],
    ['HTTP/1.1 200 OK\r\nKeep-Alive: timeout=5, max=9\r\n', true, 5],
  ])('says whether its connection is kept: %j', (head, isKept, keptSeconds) => {
    expect(read([`${head}Content-Length: 0\r\n\r\n`])).toMatchObject({ isKept, keptSeconds, ends: 1 });
  });

  it.each([`${ok}Content-Length: 2\r\n\r\nhiHTTP/1.1 200 OK\r\n`, `${ok}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\nx`])(
    'is whole when more comes than belongs to it, and its connection is not used again: %j',
    (text) => {
      const { body, ends, isKept, fault } = read([text]);
      expect({ body: ['', 'hi'].includes(body), ends, isKept, fault }).toEqual({ body: true, ends: 1, isKept: false });
    },
  );

  it.each([
    'nonsense\r\n\r\n',
    'HTTP/2 200 OK\r\n\r\n',
    'HTTP/1.1 099 OK\r\n\r\n',
    'HTTP/1.1 2000 OK\r\n\r\n',
    'HTTP/1.1  200 OK\r\n\r\n',
    'HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\n',
    '\r\nHTTP/1.1 200 OK\r\n\r\n',
    `${ok}Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello`,
    `${ok}Content-Length: 5, 5\r\n\r\nhello`,
    `${ok}Content-Length: +5\r\n\r\nhello`,
    `${ok}Content-Length: 0x5\r\n\r\nhello`,
    `${ok}Content-Length: -1\r\n\r\nhello`,
    `${ok}Content-Length:\r\n\r\nhello`,
    `${ok}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    `${ok}Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n`,
    `${ok}Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n`,
    `${ok}Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    'HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    `${ok}Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n`,
    `${ok}${'A: b\r\n'.repeat(101)}\r\n`,
    `${ok}A: b\r\n folded\r\n\r\n`,
    `${ok}A: b\rC: d\r\n\r\n`,
    `${ok}A: b\nC: d\r\n\r\n`,
    `${ok}: b\r\n\r\n`,
    `${ok}no colon\r\n\r\n`,
    `${ok}A: b\0\r\n\r\n`,
    `${ok}A: ${'x'.repeat(17_000)}`,
    `${ok}Transfer-Encoding: chunked\r\n\r\nx\r\n`,
    `${ok}Transfer-Encoding: chunked\r\n\r\n-1\r\n`,
    `${ok}Transfer-Encoding: chunked\r\n\r\n0x1\r\na\r\n`,
    `${ok}Transfer-Encoding: chunked\r\n\r\n1111111111111\r\n`,
    `${ok}Transfer-Encoding: chunked\r\n\r\n1\r\nab\r\n`,
    `${ok}Transfer-Encoding: chunked\r\n\r\n1\r\na\n0\r\n\r\n`,
    `${ok}Transfer-Encoding: chunked\r\n\r\n1\na\r\n0\r\n\r\n`,
    `${ok}Transfer-Encoding: chunked\r\n\r\n1;${'x'.repeat(5000)}`,
    `${ok}Transfer-Encoding: chunked\r\n\r\n0\r\nbad trailer\r\n\r\n`,
    `${ok}Transfer-Encoding: chunked\r\n\r\n0\r\n${'A: b\r\n'.repeat(4000)}`,
  ])('is not passed on when it leaves open where it ends, or is none: %#', (text) => {
    const { fault, ends } = read([text]);
    expect({ fault: typeof fault, ends }).toEqual({ fault: 'string', ends: 0 });
  });

  it.each([
    '',
    'HTTP/1.1 200',
    `${ok}Content-Length: 5\r\n\r\nhell`,
    `${ok}Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n`,
  ])('is not whole when the connection ends in it: %j', (text) => {
    expect(read([text], { closed: true })).toMatchObject({ ends: 0, fault: expect.stringMatching(/ended before/) });
  });

  it(`is read the same in whatever parts it comes (seed ${propertySeed})`, () => {
    const bodies = fc.array(fc.string({ minLength: 1, maxLength: 40, unit: 'binary-ascii' }), { maxLength: 5 });
    const cuts = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 12 });
    fc.assert(
      fc.property(bodies, cuts, fc.boolean(), fc.boolean(), (chunks, at, isChunked, withTrailer) => {
        const body = chunks.join('');
        const inChunks = chunks.map((chunk) => `${chunk.length.toString(16)}\r\n${chunk}\r\n`).join('');
        const text = isChunked
          ? `${ok}Transfer-Encoding: chunked\r\n\r\n${inChunks}0\r\n${withTrailer ? 'T: 1\r\n' : ''}\r\n`
          : `${ok}Content-Length: ${body.length}\r\n\r\n${body}`;
        const places = [0, ...at.map((share) => Math.floor(share * text.length)).sort((a, b) => a - b), text.length];
        const parts = places.slice(1).map((end, index) => text.slice(places[index], end));
        expect(read(parts)).toEqual(read([text]));
        expect(read(parts)).toMatchObject({ body, ends: 1, isKept: true });
      }),
      { seed: propertySeed },
    );
  });

  it(`never has more than one end, whatever bytes come (seed ${propertySeed})`, () => {
    const piece = fc.oneof(
      fc.constantFrom(
        ok,
        '\r\n',
        '\r\n\r\n',
        'Content-Length: 3\r\n',
        'Transfer-Encoding: chunked\r\n',
        '3\r\n',
        '0\r\n',
      ),
      fc.string({ maxLength: 6, unit: 'binary-ascii' }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 14 }), (pieces) => {
        const { ends, fault } = read(pieces, { closed: true });
        expect(ends + (fault === undefined ? 0 : 1)).toBe(1);
      }),
      { seed: propertySeed, numRuns: 500 },
    );
  });
});
