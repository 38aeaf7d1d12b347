import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Problem } from '../../../../../triggers/http/problems/problem.ts';
import type { SessionTunnels } from '../../../../../triggers/gateway/websocket/session-tunnels.ts';
import { type GatewayRig, startGatewayRig, tokenOf } from '../../../../helpers/gateway/gateway-rig.ts';
import { problemOf, sendRaw } from '../../../../helpers/gateway/raw-http.ts';

type Open = SessionTunnels['open'];
let rig: GatewayRig;
let auth: string;
let open: Open;
const opened: Parameters<Open>[0][] = [];

/** Switches protocols and sends back what comes. */
const echoTunnel: Open = async (exchange, socket, head) => {
  opened.push(exchange);
  socket.write(`HTTP/1.1 101 Switching Protocols\r\n\r\n${head.toString()}`);
  socket.pipe(socket);
  await new Promise((resolve) => socket.once('close', resolve));
};

beforeAll(async () => {
  const tunnels = { open: (...input: Parameters<Open>) => open(...input), closeAll: () => Promise.resolve() };
  rig = await startGatewayRig({ tunnels });
  auth = `Authorization: Bearer ${await tokenOf()}\r\n`;
}, 60_000);
afterAll(() => rig.stop());

const ask = (path: string, { more = auth, version = '1.1', method = 'GET' } = {}) =>
  `${method} ${path} HTTP/${version}\r\nHost: here\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n${more}\r\n`;
const proxied = '/api/v1/session/a/proxy/ws?x=1';

describe('a request for a WebSocket', () => {
  it('goes to a tunnel, with what came after its head', async () => {
    open = echoTunnel;
    const parts = [`${ask(proxied)}hello`, ' there'];
    const { text } = await sendRaw({ port: rig.port, parts, until: (all) => all.endsWith('there') });
    expect(text).toBe('HTTP/1.1 101 Switching Protocols\r\n\r\nhello there');
    expect(opened.at(-1)).toMatchObject({ path: '/ws?x=1', target: { sessionId: 'a' }, caller: { owner: 'alice' } });
  });

  it.each([
    ['no token', ask(proxied, { more: '' }), 401, 'unauthenticated'],
    ['not to a pod', ask('/api/v1/session/a/status'), 400, 'invalid_request'],
    ['to health', ask('/health'), 400, 'invalid_request'],
    ['dot segments', ask('/api/v1/session/a/proxy/../x'), 400, 'invalid_request'],
    ['an unknown class', ask(proxied, { more: 'X-Podkeeper-Class: huge\r\n' }), 401, 'unauthenticated'],
  ])('is refused on the bare socket: %s', async (_name, bytes, status, code) => {
    open = () => Promise.reject(new Error('must not be reached'));
    const { text, statuses, closed } = await sendRaw({ port: rig.port, parts: [bytes] });
    expect({ statuses, closed }).toEqual({ statuses: [status], closed: true });
    expect(problemOf(text).code).toBe(code);
    expect(text).toMatch(/^x-request-id: \S+\r$/im);
  });

  it('with a body is refused: where it ends would be a matter of opinion', async () => {
    const { statuses } = await sendRaw({
      port: rig.port,
      parts: [`${ask(proxied, { more: `${auth}Content-Length: 5\r\n` })}hello`],
    });
    expect(statuses).toEqual([400]);
  });

  it('that the tunnel refuses gets the problem, with when to come again', async () => {
    open = () => Promise.reject(new Problem('starting'));
    const { text, statuses } = await sendRaw({ port: rig.port, parts: [ask(proxied)] });
    expect(statuses).toEqual([503]);
    expect(problemOf(text).code).toBe('starting');
    expect(text).toMatch(/^retry-after: [2-5]\r$/im);
  });

  it('that fails after the switch is cut, without words in between', async () => {
    open = (_exchange, socket) => {
      socket.write('HTTP/1.1 101 Switching Protocols\r\n\r\n');
      return Promise.reject(new Error('half way'));
    };
    const { statuses, closed } = await sendRaw({ port: rig.port, parts: [ask(proxied)] });
    expect({ statuses, closed }).toEqual({ statuses: [101], closed: true });
  });

  it('tells the tunnel when its connection is gone', async () => {
    let left: Promise<void> | undefined;
    open = ({ signal }, socket) => {
      left = new Promise((resolve) => signal.addEventListener('abort', () => resolve()));
      socket.once('end', () => socket.end()).resume();
      return new Promise(() => undefined);
    };
    await sendRaw({ port: rig.port, parts: [ask(proxied)], waitMs: 200 });
    await left;
  });
});

describe('a WebSocket on a connection of a gateway that stops', () => {
  it('is taken while it takes requests, then another gateway is for it', async () => {
    const other = await startGatewayRig({ tunnels: { open: echoTunnel, closeAll: () => Promise.resolve() } });
    const parts = [`GET /health HTTP/1.1\r\nHost: here\r\n\r\n`, ask(proxied)];
    const late = sendRaw({ port: other.port, parts, pauseMs: 300 });
    await new Promise((resolve) => setTimeout(resolve, 150));
    await other.stop({ drainMs: 3000 });
    const { text, statuses } = await late;
    expect(statuses).toEqual([200, 503]);
    expect(text).toContain('"code":"shutting_down"');
  }, 30_000);
});

describe('an upgrade to something else', () => {
  it.each([
    ['h2c', 'GET', '1.1', 'h2c'],
    ['a WebSocket by POST', 'POST', '1.1', 'websocket'],
    ['a WebSocket in HTTP/1.0', 'GET', '1.0', 'websocket'],
  ])('is answered as if it had not been asked for: %s', async (_name, method, version, upgrade) => {
    const bytes = ask(proxied, { method, version }).replace('websocket', upgrade);
    const { text, statuses } = await sendRaw({ port: rig.port, parts: [bytes], until: (all) => all.endsWith('}') });
    expect(statuses).toEqual([200]);
    expect(text).toContain('"path":"/ws?x=1"');
  });
});
