/** What the requests of an attempt are made of: who asks, and for which session's pod. */
export interface Attacker {
  /** `Authorization: Bearer …`, with its end of line. */
  readonly auth: string;
  /** `/api/v1/session/<id>/proxy`. */
  readonly base: string;
  /** A whole request; were it ever taken for one, its pod would log its path. */
  readonly smuggled: string;
}

export interface Attempt {
  readonly name: string;
  readonly bytes: (attacker: Attacker) => string;
  /** Of the answers, in their order; the last of them ends the connection. */
  readonly statuses: readonly number[];
}

const host = 'Host: here\r\n';
const post = ({ auth, base }: Attacker, headers: string, body: string) =>
  `POST ${base}/mirror HTTP/1.1\r\n${host}${auth}${headers}\r\n${body}`;
const get = ({ auth, base }: Attacker, target = `${base}/mirror`, more = '') =>
  `GET ${target} HTTP/1.1\r\n${host}${auth}${more}\r\n`;
const last = 'Connection: close\r\n';
const webSocket =
  'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n';
const lengthOf = (body: string) => `Content-Length: ${body.length}\r\n`;
const chunked = 'Transfer-Encoding: chunked\r\n';
const inChunk = (body: string) => `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`;

const refused = (name: string, bytes: Attempt['bytes'], status = 400): Attempt => ({ name, bytes, statuses: [status] });

/** Requests that hold another one where somebody might take it for one of its own: in a body, behind an end that is disputed. */
export const smugglingAttempts: readonly Attempt[] = [
  refused('CL.TE', (a) => post(a, `Content-Length: 6\r\n${chunked}`, `0\r\n\r\n${a.smuggled}`)),
  refused('TE.CL', (a) => post(a, `${chunked}Content-Length: 4\r\n`, inChunk(a.smuggled))),
  refused('TE.TE', (a) => post(a, `${chunked}Transfer-Encoding: x\r\n`, `0\r\n\r\n${a.smuggled}`)),
  refused('an unknown coding', (a) => post(a, 'Transfer-Encoding: xchunked\r\n', `0\r\n\r\n${a.smuggled}`)),
  refused('a space before the colon', (a) => post(a, 'Transfer-Encoding : chunked\r\n', `0\r\n\r\n${a.smuggled}`)),
  refused('a folded coding', (a) => post(a, 'Transfer-Encoding:\r\n chunked\r\n', `0\r\n\r\n${a.smuggled}`)),
  refused('two lengths', (a) => post(a, `Content-Length: 0\r\n${lengthOf(a.smuggled)}`, a.smuggled)),
  refused('a list of lengths', (a) => post(a, 'Content-Length: 0, 0\r\n', a.smuggled)),
  refused('a signed length', (a) => post(a, 'Content-Length: +0\r\n', a.smuggled)),
  refused('bare LF in the head', (a) => get(a, undefined, `X: y\n${a.smuggled}`)),
  refused('bare CR in a value', (a) => get(a, undefined, `X: y\r${a.smuggled}`)),
  refused('bare LF in chunks', (a) => post(a, chunked, `0\n\n${a.smuggled}`)),
  refused('a chunk size that overflows', (a) => post(a, chunked, `fffffffffffffffff0\r\n${a.smuggled}`)),
  refused(
    'chunks in HTTP/1.0',
    (a) => `POST ${a.base}/mirror HTTP/1.0\r\n${host}${a.auth}${chunked}\r\n${inChunk(a.smuggled)}`,
  ),
  refused('two Host', (a) => get(a, undefined, 'Host: there\r\n') + a.smuggled),
  refused('line ends in the target', (a) => get(a, `${a.base}/x%0d%0a HTTP/1.1\r\n`) + a.smuggled),
  refused('absolute form', (a) => get(a, `http://here${a.base}/mirror`) + a.smuggled),
  refused('dot segments', (a) => get(a, `${a.base}/../../other/proxy/mirror`) + a.smuggled),
  refused('encoded slashes', (a) => get(a, `${a.base}/..%2f..%2fother`) + a.smuggled),
  refused('a WebSocket with a body', (a) => get(a, `${a.base}/ws`, webSocket + lengthOf(a.smuggled)) + a.smuggled),
  refused('CONNECT', (a) => `CONNECT here:80 HTTP/1.1\r\n${host}${a.auth}\r\n${a.smuggled}`, 405),
  refused('TRACE', (a) => `TRACE ${a.base}/mirror HTTP/1.1\r\n${host}${a.auth}\r\n${a.smuggled}`, 405),
  refused('the preface of HTTP/2', () => 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
  // What follows is sound: the other request is a body, and its pod gets it as one.
  ...['POST', 'GET', 'DELETE', 'OPTIONS'].flatMap((method): Attempt[] => [
    {
      name: `${method} with a body`,
      statuses: [200],
      bytes: ({ auth, base, smuggled }) =>
        `${method} ${base}/mirror HTTP/1.1\r\n${host}${auth}${last}${lengthOf(smuggled)}\r\n${smuggled}`,
    },
    {
      name: `${method} with a chunked body`,
      statuses: [200],
      bytes: ({ auth, base, smuggled }) =>
        `${method} ${base}/mirror HTTP/1.1\r\n${host}${auth}${last}${chunked}\r\n${inChunk(smuggled)}`,
    },
  ]),
  {
    name: 'a length that Connection names',
    statuses: [200],
    bytes: (a) => post(a, `Connection: close, Content-Length\r\n${lengthOf(a.smuggled)}`, a.smuggled),
  },
  {
    name: 'an upgrade to HTTP/2 that nobody takes',
    statuses: [200],
    bytes: (a) => post(a, `Connection: close, Upgrade\r\nUpgrade: h2c\r\n${lengthOf(a.smuggled)}`, a.smuggled),
  },
  {
    name: 'bytes behind the last request',
    statuses: [200],
    bytes: (a) => get(a, undefined, last) + a.smuggled,
  },
  {
    name: 'bytes behind a WebSocket that the pod refuses',
    statuses: [404],
    bytes: (a) => get(a, `${a.base}/mirror`, webSocket) + a.smuggled,
  },
  {
    name: 'bytes behind a body that is too large',
    statuses: [413],
    bytes: (a) => post(a, 'Content-Length: 99999999\r\n', a.smuggled),
  },
  {
    name: 'a question for the identity of a pod',
    statuses: [400],
    bytes: (a) => get(a, `${a.base}/.podkeeper/identity`, `${last}X-Podkeeper-Nonce: ${'n'.repeat(32)}\r\n`),
  },
];
