import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type GatewayRig, startGatewayRig, tokenOf } from '../../../../helpers/gateway/gateway-rig.ts';
import { sendRaw } from '../../../../helpers/gateway/raw-http.ts';
import { propertySeed } from '../../../../helpers/properties.ts';

let rig: GatewayRig;
let auth: string;
const unhandled: unknown[] = [];
const note = (error: unknown) => void unhandled.push(error);
beforeAll(async () => {
  process.on('unhandledRejection', note).on('uncaughtException', note);
  rig = await startGatewayRig({ limits: { headerMs: 1000 } });
  auth = `Authorization: Bearer ${await tokenOf({ scopes: ['sessions:admin'] })}`;
}, 60_000);
afterAll(() => {
  process.off('unhandledRejection', note).off('uncaughtException', note);
});

const piece = fc.constantFrom(
  '/',
  '..',
  '.',
  '%2f',
  '%2e',
  '%00',
  '%',
  '//',
  '\\',
  '?',
  '#',
  '&',
  '=',
  ' ',
  '\0',
  '\t',
  '\x7f',
  '\xff',
  '@',
  ':80',
  'api',
  'v1',
  'session',
  'sessions',
  'a',
  'proxy',
  'execute',
  'status',
  'extend',
  'force=true',
  'limit=9',
  'a'.repeat(130),
  'a'.repeat(26),
);
const target = fc.oneof(
  fc.array(piece, { maxLength: 12 }).map((parts) => `/${parts.join('')}`),
  fc
    .tuple(
      fc.constantFrom('a', '%41', 'b~', '.x'),
      fc.constantFrom('proxy/x', 'execute', 'status', 'extend', ''),
      fc.array(piece, { maxLength: 3 }),
    )
    .map(([id, action, more]) => `/api/v1/session/${id}/${action}${more.join('')}`),
);
const header = fc.oneof(
  fc.constantFrom(
    'Host: here',
    'Host: there',
    'Content-Length: 5',
    'Content-Length: 6',
    'Content-Length: 99999999999',
    'Transfer-Encoding: chunked',
    'Transfer-Encoding: gzip',
    'Connection: close',
    'Connection: keep-alive, authorization',
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Upgrade: h2c',
    'Expect: 100-continue',
    'Expect: x',
    'Content-Type: application/json',
    'X-Podkeeper-Class: large',
    'X-Podkeeper-Class: ?',
    'X-Request-Id: r',
    'Authorization: Bearer x',
    ' folded',
    'No-Colon',
    ': empty',
    'TE: trailers',
    'Range: bytes=0-',
    'Origin: null',
  ),
  fc.tuple(fc.string({ maxLength: 20 }), fc.string({ maxLength: 40 })).map(([name, value]) => `${name}: ${value}`),
);
const lineEnd = fc.constantFrom('\r\n', '\r\n', '\r\n', '\r\n', '\r\n', '\r\n', '\r\n', '\n', '\r');
const body = fc.constantFrom(
  '',
  'hello',
  '5\r\nhello\r\n0\r\n\r\n',
  '{"seconds":5}',
  '0\r\n\r\n',
  'zz',
  'GET / HTTP/1.1\r\n\r\n',
);
const message = fc
  .tuple(
    fc.constantFrom('GET', 'POST', 'DELETE', 'HEAD', 'PUT', 'OPTIONS', 'CONNECT', 'TRACE', 'PRI', 'get', 'QUERY', ''),
    target,
    fc.constantFrom('HTTP/1.1', 'HTTP/1.1', 'HTTP/1.1', 'HTTP/1.0', 'HTTP/2.0', 'HTTP/9', 'ICE/1.0'),
    fc.array(header, { maxLength: 6 }),
    fc.boolean(),
    lineEnd,
    body,
  )
  .map(([method, path, version, headers, signed, end, content]) =>
    [`${method} ${path} ${version}`, 'Host: here', ...(signed ? [auth] : []), ...headers, '', content].join(end),
  );
/** Nothing is wrong with it before its bytes are changed. */
const sound = fc.constant(0).map(() => `GET /api/v1/session/a/proxy/x HTTP/1.1\r\nHost: here\r\n${auth}\r\n\r\n`);
/** Bytes of messages, some of them changed, sent in pieces. */
const traffic = fc
  .tuple(
    fc.array(fc.oneof(message, message, sound), { minLength: 1, maxLength: 3 }),
    fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { maxLength: 4 }),
    fc.boolean(),
    fc.nat({ max: 3 }),
  )
  .map(([messages, changes, changed, cuts]) => {
    const bytes = Buffer.from(messages.join(''), 'latin1');
    if (changed && bytes.length > 0) for (const [at, value] of changes) bytes[at % bytes.length] = value;
    const size = Math.max(1, Math.ceil(bytes.length / (cuts + 1)));
    return Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
      bytes.subarray(index * size, (index + 1) * size),
    );
  });

describe(`whatever is sent (seed ${propertySeed})`, () => {
  it('is answered or cut, never with a failure of our own, never left hanging', async () => {
    const seen = new Set<number>();
    const open = fc.asyncProperty(fc.array(traffic, { minLength: 20, maxLength: 20 }), async (all) => {
      const answers = await Promise.all(
        all.map((parts) =>
          sendRaw({ port: rig.port, parts: parts.length === 0 ? [''] : parts, pauseMs: 1, waitMs: 400 }),
        ),
      );
      for (const { statuses, text } of answers) {
        for (const status of statuses) seen.add(status);
        // 502 is what the stand-in for tunnels answers.
        expect({ text, faults: statuses.filter((status) => status >= 500 && status !== 502) }).toEqual({
          text,
          faults: [],
        });
        expect(text === '' || text.startsWith('HTTP/1.1 ')).toBe(true);
      }
    });
    await fc.assert(open, { seed: propertySeed, numRuns: 40, endOnFailure: true });
    expect(unhandled).toEqual([]);
    // And it goes on as if nothing had been.
    const answer = await fetch(`${rig.url}/api/v1/session/a/proxy/`, { headers: { authorization: auth.slice(15) } });
    expect(answer.status).toBe(200);
    for (const status of [200, 400, 401, 404, 405]) expect(seen).toContain(status);
    const failures = rig.log.lines().filter(({ msg }) => msg === 'request failed');
    expect(failures).toEqual([]);
    // Nothing is in flight for longer than its time, so nothing has to be cut.
    const beganMs = performance.now();
    await rig.stop({ drainMs: 60_000 });
    expect(performance.now() - beganMs).toBeLessThan(30_000);
  }, 240_000);
});
