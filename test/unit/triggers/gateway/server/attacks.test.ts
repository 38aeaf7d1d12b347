import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type GatewayRig, startGatewayRig, tokenOf } from '../../../../helpers/gateway/gateway-rig.ts';
import { problemOf, sendRaw } from '../../../../helpers/gateway/raw-http.ts';

let rig: GatewayRig;
let auth: string;
beforeAll(async () => {
  rig = await startGatewayRig({ limits: { headerMs: 1500 } });
  auth = `Authorization: Bearer ${await tokenOf()}\r\n`;
}, 60_000);
afterAll(() => rig.stop());

const path = '/api/v1/session/a/proxy/x';
const host = 'Host: here\r\n';
/** A request that nothing is wrong with but what is put in. */
const post = (headers: string, body = '') => `POST ${path} HTTP/1.1\r\n${host}${auth}${headers}\r\n${body}`;
const get = (target = path, more = '') => `GET ${target} HTTP/1.1\r\n${host}${auth}${more}\r\n`;
/** Would be answered 200 if it were taken for a request of its own. */
const smuggled = () => get('/api/v1/session/a/proxy/smuggled');

const refused: readonly (readonly [name: string, bytes: () => string, status: number, code: string])[] = [
  [
    'Content-Length and Transfer-Encoding',
    () => post('Content-Length: 6\r\nTransfer-Encoding: chunked\r\n', '0\r\n\r\nG'),
    400,
    'invalid_request',
  ],
  [
    'Transfer-Encoding and Content-Length',
    () => post('Transfer-Encoding: chunked\r\nContent-Length: 4\r\n', '5c\r\n0\r\n\r\n'),
    400,
    'invalid_request',
  ],
  ['an unknown coding', () => post('Transfer-Encoding: xchunked\r\n', '0\r\n\r\n'), 400, 'invalid_request'],
  ['chunked twice in one', () => post('Transfer-Encoding: chunked, chunked\r\n', '0\r\n\r\n'), 400, 'invalid_request'],
  ['chunked and another', () => post('Transfer-Encoding: gzip, chunked\r\n', '0\r\n\r\n'), 400, 'invalid_request'],
  [
    'chunked, then identity',
    () => post('Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n', '0\r\n\r\n'),
    400,
    'invalid_request',
  ],
  [
    'two Transfer-Encoding',
    () => post('Transfer-Encoding: chunked\r\nTransfer-encoding: chunked\r\n', '0\r\n\r\n'),
    400,
    'invalid_request',
  ],
  [
    'a coding behind a vertical tab',
    () => post('Transfer-Encoding: \x0bchunked\r\n', '0\r\n\r\n'),
    400,
    'invalid_request',
  ],
  ['a space before the colon', () => post('Transfer-Encoding : chunked\r\n', '0\r\n\r\n'), 400, 'invalid_request'],
  ['a coding on a folded line', () => post('Transfer-Encoding:\r\n chunked\r\n', '0\r\n\r\n'), 400, 'invalid_request'],
  ['an empty coding', () => post('Transfer-Encoding: \r\n'), 400, 'invalid_request'],
  ['two Content-Length', () => post('Content-Length: 1\r\nContent-Length: 2\r\n', 'xx'), 400, 'invalid_request'],
  ['two equal Content-Length', () => post('Content-Length: 1\r\nContent-Length: 1\r\n', 'x'), 400, 'invalid_request'],
  ['a list as Content-Length', () => post('Content-Length: 1, 1\r\n', 'x'), 400, 'invalid_request'],
  ['a Content-Length with a sign', () => post('Content-Length: +1\r\n', 'x'), 400, 'invalid_request'],
  ['a negative Content-Length', () => post('Content-Length: -1\r\n', 'x'), 400, 'invalid_request'],
  ['a Content-Length in hex', () => post('Content-Length: 0x1\r\n', 'x'), 400, 'invalid_request'],
  ['bare LF after the request line', () => `GET ${path} HTTP/1.1\n${host}${auth}\r\n`, 400, 'invalid_request'],
  ['bare LF after a header', () => `GET ${path} HTTP/1.1\r\nHost: here\n${auth}\r\n`, 400, 'invalid_request'],
  ['bare LF as the end', () => `GET ${path} HTTP/1.1\r\n${host}${auth}\n`, 400, 'invalid_request'],
  ['a bare CR in a value', () => get(path, 'X: a\rb\r\n'), 400, 'invalid_request'],
  ['a folded header', () => get(path, 'X: a\r\n b\r\n'), 400, 'invalid_request'],
  ['NUL in the target', () => get('/api/v1/session/a/proxy/\0'), 400, 'invalid_request'],
  ['NUL in a header', () => get(path, 'X: a\0b\r\n'), 400, 'invalid_request'],
  ['a NUL that is encoded', () => get('/api/v1/session/a/proxy/%00'), 400, 'invalid_request'],
  ['absolute form', () => get(`http://here${path}`), 400, 'invalid_request'],
  ['asterisk form', () => get('*'), 400, 'invalid_request'],
  ['dot segments', () => get('/api/v1/session/a/proxy/../../b/proxy/x'), 400, 'invalid_request'],
  ['dot segments that are encoded', () => get('/api/v1/session/a/proxy/%2e%2e/x'), 400, 'invalid_request'],
  ['a slash that is encoded', () => get('/api/v1/session/a/proxy/x%2fy'), 400, 'invalid_request'],
  ['a backslash', () => get('/api/v1/session/a/proxy/x\\y'), 400, 'invalid_request'],
  ['no Host', () => `GET ${path} HTTP/1.1\r\n${auth}\r\n`, 400, 'invalid_request'],
  ['two Host', () => get(path, 'Host: there\r\n'), 400, 'invalid_request'],
  ['HTTP/0.9', () => `GET ${path}\r\n\r\n`, 400, 'invalid_request'],
  ['HTTP/2.0', () => `GET ${path} HTTP/2.0\r\n${host}${auth}\r\n`, 400, 'invalid_request'],
  [
    'HTTP/1.0 in chunks',
    () => `POST ${path} HTTP/1.0\r\n${host}${auth}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    400,
    'invalid_request',
  ],
  ['the preface of HTTP/2', () => 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400, 'invalid_request'],
  ['TLS where there is none', () => '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', 400, 'invalid_request'],
  ['an expectation nobody knows', () => post('Expect: 200-ok\r\nContent-Length: 1\r\n', 'x'), 400, 'invalid_request'],
  ['a hundred and one headers', () => get(path, 'X: y\r\n'.repeat(99)), 431, 'headers_too_large'],
  ['thousands of headers', () => get(path, 'X:y\r\n'.repeat(2500)), 431, 'headers_too_large'],
  ['a header of 20 KB', () => get(path, `X: ${'a'.repeat(20_000)}\r\n`), 431, 'headers_too_large'],
  ['a target of 20 KB', () => get(`${path}${'a'.repeat(20_000)}`), 431, 'headers_too_large'],
  ['CONNECT', () => `CONNECT here:443 HTTP/1.1\r\n${host}${auth}\r\n`, 405, 'method_not_allowed'],
  ['TRACE', () => `TRACE ${path} HTTP/1.1\r\n${host}${auth}\r\n`, 405, 'method_not_allowed'],
];

describe('a request that two readers could read as two', () => {
  it.each(refused)('is refused and its connection closed: %s', async (_name, bytes, status, code) => {
    const before = rig.forwarded.length;
    const { text, statuses, closed } = await sendRaw({ port: rig.port, parts: [bytes() + smuggled()] });
    expect(statuses).toEqual([status]);
    expect(problemOf(text).code).toBe(code);
    expect(text).toMatch(/^connection: close\r$/im);
    expect(text).toMatch(/^x-request-id: \S+\r$/im);
    expect(closed).toBe(true);
    expect(rig.forwarded.length).toBe(before);
  });

  it.each([
    ['bare LF after a chunk size', '1\nx\r\n0\r\n\r\n'],
    ['bare LF after a chunk', '1\r\nx\n0\r\n\r\n'],
    ['a chunk size with a sign', '-1\r\nx\r\n0\r\n\r\n'],
    ['a chunk size with 0x', '0x1\r\nx\r\n0\r\n\r\n'],
    ['a chunk size that overflows', 'fffffffffffffffff\r\nx\r\n0\r\n\r\n'],
    ['a space after the chunk size', '1 \r\nx\r\n0\r\n\r\n'],
    ['Content-Length as a trailer', '1\r\nx\r\n0\r\nContent-Length: 5\r\n\r\n'],
  ])('is answered 400 at its body: %s', async (_name, body) => {
    const bytes = post('Transfer-Encoding: chunked\r\n', body) + smuggled();
    const { text, statuses, closed } = await sendRaw({ port: rig.port, parts: [bytes] });
    expect(statuses).toEqual([400]);
    expect(problemOf(text).code).toBe('invalid_request');
    expect(closed).toBe(true);
  });
});

describe('a slow client', () => {
  it.each([
    ['half a head', () => [get().slice(0, 40)]],
    ['a head that drips', () => Array.from(get().slice(0, 60))],
    ['nothing at all', () => ['']],
  ])(
    'is given up on after the time for a head: %s',
    async (_name, parts) => {
      const { text, statuses, closed } = await sendRaw({
        port: rig.port,
        parts: parts(),
        pauseMs: 100,
        waitMs: 15_000,
      });
      expect(statuses).toEqual([408]);
      expect(problemOf(text).code).toBe('request_timeout');
      expect(closed).toBe(true);
    },
    60_000,
  );
});

describe('requests on one connection', () => {
  it('are answered in turn when they come together, one at a time', async () => {
    const order: string[] = [];
    rig.answerBy(async ({ path: asked }, response) => {
      order.push(`begin ${asked}`);
      await new Promise((resolve) => setTimeout(resolve, asked === '/1' ? 60 : 0));
      order.push(`end ${asked}`);
      response.writeHead(200, ['Content-Length', '2']);
      await new Promise<void>((resolve) => void response.once('close', resolve).end(asked));
    });
    const parts = ['/1', '/2', '/3'].map((asked) => get(`/api/v1/session/a/proxy${asked}`));
    const { text } = await sendRaw({ port: rig.port, parts: [parts.join('')], until: (all) => all.endsWith('/3') });
    expect(order).toEqual(['begin /1', 'end /1', 'begin /2', 'end /2', 'begin /3', 'end /3']);
    expect(text.match(/\/\d$|\/\d(?=HTTP)/gm)).toEqual(['/1', '/2', '/3']);
  });

  it('end with the one that closes it; what follows is not looked at', async () => {
    const before = rig.forwarded.length;
    const parts = [get(path, 'Connection: close\r\n') + smuggled()];
    const { statuses, closed } = await sendRaw({ port: rig.port, parts });
    expect(statuses).toEqual([200]);
    expect(closed).toBe(true);
    expect(rig.forwarded.length).toBe(before + 1);
  });

  it('end when something follows that is none; the one before has its answer', async () => {
    const { statuses, closed } = await sendRaw({ port: rig.port, parts: [`${get()}rubbish\r\n\r\n`] });
    expect(statuses).toEqual([200]);
    expect(closed).toBe(true);
  });

  it('are cut when hundreds come without waiting for an answer', async () => {
    rig.answerBy(() => new Promise(() => undefined));
    const { statuses, closed } = await sendRaw({ port: rig.port, parts: [get().repeat(200)] });
    expect(statuses).toEqual([]);
    expect(closed).toBe(true);
  });
});
