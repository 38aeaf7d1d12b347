import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { AddRoutes } from '../../../../triggers/http/http-app.ts';
import { type BareApp, startBareApp } from '../../../helpers/http/bare-app.ts';

let release: () => void = () => undefined;
let entered: Promise<void>;

/** Answers when the test lets it. */
const routes: AddRoutes = (app) => {
  let enter: () => void = () => undefined;
  entered = new Promise((resolve) => (enter = resolve));
  const released = new Promise<void>((resolve) => (release = resolve));
  app.get('/held', { config: { scope: 'public' }, schema: { hide: true } }, async () => {
    enter();
    await released;
    return { held: true };
  });
  app.post('/take', { config: { scope: 'public' }, schema: { hide: true, body: z.unknown() } }, () => ({
    taken: true,
  }));
  app.post('/ignore', { config: { scope: 'public' }, schema: { hide: true } }, () => ({ ignored: true }));
};

let bare: BareApp;
beforeEach(async () => {
  bare = await startBareApp({ routes: [routes], limits: { requestTimeoutSeconds: 1 } });
});
afterEach(async () => {
  release();
  await bare.close();
});

interface Line {
  readonly socket: Socket;
  /** All that came, once the server has closed the connection. */
  readonly closed: Promise<string>;
}

function open(): Line {
  const socket = connect(bare.port, '127.0.0.1');
  let received = '';
  socket.setEncoding('utf8').on('data', (text: string) => (received += text));
  socket.on('error', () => undefined);
  const closed = new Promise<string>((resolve) => socket.on('close', () => resolve(received)));
  return { socket, closed };
}

const statusOf = (answer: string) => Number(answer.split(' ')[1]);
const codeOf = (answer: string) => (JSON.parse(answer.slice(answer.indexOf('\r\n\r\n'))) as { code: string }).code;
const isProblem = (answer: string) => /^content-type: application\/problem\+json/im.test(answer);

describe('a client that is slow', () => {
  it('with its headers is answered 408 and cut off', async () => {
    const { socket, closed } = open();
    socket.write('GET /held HTTP/1.1\r\nHost: localhost\r\n');
    const drip = setInterval(() => socket.write('X-More: 1\r\n'), 200);
    const answer = await closed;
    clearInterval(drip);
    expect({ status: statusOf(answer), code: codeOf(answer) }).toEqual({ status: 408, code: 'request_timeout' });
    expect(isProblem(answer)).toBe(true);
  }, 30_000);

  it('with its body is answered 408 and cut off', async () => {
    const { socket, closed } = open();
    socket.write(
      'POST /take HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{',
    );
    const drip = setInterval(() => socket.write(' '), 200);
    const answer = await closed;
    clearInterval(drip);
    expect({ status: statusOf(answer), code: codeOf(answer) }).toEqual({ status: 408, code: 'request_timeout' });
  }, 30_000);

  it('with a body that nobody waits for gets one answer, and is cut off', async () => {
    const { socket, closed } = open();
    socket.write('POST /ignore HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n{');
    const drip = setInterval(() => socket.write(' '), 200);
    const answer = await closed;
    clearInterval(drip);
    expect(answer).toContain('{"ignored":true}');
    expect(answer.match(/HTTP\/1\.1/g)).toHaveLength(1);
  }, 30_000);

  it('to say anything is cut off', async () => {
    const { closed } = open();
    await closed;
  }, 30_000);

  it('does not keep others from being answered', async () => {
    const lines = Array.from({ length: 50 }, open);
    for (const { socket } of lines) socket.write('POST /take HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n');
    const response = await fetch(`${bare.origin}/take`, { method: 'POST' });
    expect(response.status).toBe(200);
    for (const { socket } of lines) socket.destroy();
  });
});

describe('a request that is too big in front of its body', () => {
  it('is answered 431 when its headers have more than 16 KiB', async () => {
    const { socket, closed } = open();
    socket.write(`GET /held HTTP/1.1\r\nHost: localhost\r\nX-Big: ${'x'.repeat(17_000)}\r\n\r\n`);
    const answer = await closed;
    expect({ status: statusOf(answer), code: codeOf(answer) }).toEqual({ status: 431, code: 'headers_too_large' });
    expect(isProblem(answer)).toBe(true);
  });

  it('is answered 431 when it has more than 100 headers', async () => {
    const headers = Object.fromEntries(Array.from({ length: 101 }, (_none, index) => [`x-${index}`, '1']));
    const answer = await fetch(`${bare.origin}/take`, { method: 'POST', headers });
    expect(answer.status).toBe(431);
    expect(await answer.json()).toMatchObject({ code: 'headers_too_large', status: 431 });
  });

  it('is answered 431 when its address has more than 8192 characters', async () => {
    const answer = await fetch(`${bare.origin}/take?q=${'x'.repeat(8192)}`, { method: 'POST' });
    expect(answer.status).toBe(431);
  });
});

describe('what is not HTTP', () => {
  it.each([
    ['nonsense', 'hello\r\n\r\n'],
    ['an unknown method', 'BREW /pot HTTP/1.1\r\nHost: localhost\r\n\r\n'],
    ['two lengths', 'POST /take HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx'],
    [
      'a length with chunks',
      'POST /take HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    ],
    ['a folded header', 'GET /take HTTP/1.1\r\nHost: a\r\nX-A: 1\r\n 2\r\n\r\n'],
    ['no host', 'POST /take HTTP/1.1\r\nConnection: close\r\n\r\n'],
  ])('is answered 400 and cut off: %s', async (_title, text) => {
    const { socket, closed } = open();
    socket.write(text);
    const answer = await closed;
    expect({ status: statusOf(answer), code: codeOf(answer) }).toEqual({ status: 400, code: 'invalid_request' });
    expect(isProblem(answer)).toBe(true);
  });

  it('is taken all the same when it only expects something odd', async () => {
    const { socket, closed } = open();
    socket.write('POST /take HTTP/1.1\r\nHost: a\r\nExpect: miracles\r\nConnection: close\r\n\r\n');
    expect(statusOf(await closed)).toBe(200);
  });
});

describe('a stop', () => {
  it('answers what is in flight, closes its connection and takes no more', async () => {
    const { socket, closed } = open();
    socket.write('GET /held HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await entered;
    const stopped = bare.stop(30);
    await sleep(50);
    await expect(fetch(`${bare.origin}/take`, { method: 'POST' })).rejects.toThrow();
    release();
    const answer = await closed;
    expect(statusOf(answer)).toBe(200);
    expect(answer).toContain('{"held":true}');
    expect(answer.toLowerCase()).toContain('connection: close');
    await stopped;
  });

  it('does not wait for a connection that nothing comes from', async () => {
    const { closed } = open();
    await sleep(50);
    await bare.stop(30);
    await closed;
  });

  it('cuts half a request after its grace time', async () => {
    const { socket, closed } = open();
    socket.write('POST /take HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{');
    await sleep(50);
    await bare.stop(0.7);
    await closed;
  }, 30_000);
});
