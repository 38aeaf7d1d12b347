import { type Socket, connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { PodCall, SendFailure } from '../../../../../triggers/gateway/upstream/sockets/pod-call.ts';
import type { ConnectionTimes } from '../../../../../triggers/gateway/upstream/sockets/pod-connection.ts';
import type { PodRequest } from '../../../../../triggers/gateway/upstream/sockets/pod-request.ts';
import { PodSockets } from '../../../../../triggers/gateway/upstream/sockets/pod-sockets.ts';
import { answerOf, useRawPods } from '../proxy/raw-pod.ts';

const times: ConnectionTimes = {
  firstByteMs: 5000,
  silenceMs: 5000,
  keptMs: 500,
  keptMostMs: 2000,
  keptMarginMs: 1000,
};

type Outcome = { readonly status: number; readonly body: string } | { readonly failure: SendFailure };

describe('connections to one pod', () => {
  const startRawPod = useRawPods();
  const pools: PodSockets[] = [];
  afterEach(async () => {
    for (const pool of pools.splice(0)) await pool.close();
  });

  /** What the proof leaves behind: a socket that is open. */
  async function open(port: number): Promise<Socket> {
    const socket = connect({ port, host: '127.0.0.1' });
    socket.on('error', () => undefined);
    await new Promise<void>((resolve) => socket.once('connect', resolve));
    // The raw pod takes what comes first for the question for its identity.
    const proven = new Promise((resolve) => socket.once('readable', resolve));
    socket.write('x-podkeeper-nonce: n\r\n\r\n');
    await proven;
    socket.read();
    return socket;
  }

  function poolTo(port: number, most = 2): { readonly pool: PodSockets; readonly opened: () => number } {
    let opened = 0;
    const connectOnce = () => {
      opened += 1;
      return open(port);
    };
    const pool = new PodSockets({ connect: connectOnce, times, most });
    pools.push(pool);
    return { pool, opened: () => opened };
  }

  function ask(pool: PodSockets, changes: Partial<PodRequest> = {}) {
    const { promise, resolve } = Promise.withResolvers<Outcome>();
    let [status, body] = [0, ''];
    const request: PodRequest = { method: 'GET', path: '/', headers: ['Host', 'h'], body: null, ...changes };
    const call: PodCall = pool.send(request, {
      onHead: (head) => (status = head.status),
      onBody: (chunk) => {
        body += chunk.toString('latin1');
        return true;
      },
      onEnd: () => resolve({ status, body }),
      onFailed: (failure) => resolve({ failure }),
    });
    return { call, outcome: promise };
  }

  it('are used again, and not when the pod may be about to close them', async () => {
    const pod = await startRawPod({ serve: (socket) => void socket.write(answerOf('a')) });
    const { pool, opened } = poolTo(pod.port);
    for (let turn = 0; turn < 3; turn += 1) expect(await ask(pool).outcome).toEqual({ status: 200, body: 'a' });
    expect(opened()).toBe(1);
    await sleep(times.keptMs + 50);
    expect(await ask(pool).outcome).toEqual({ status: 200, body: 'a' });
    expect(opened()).toBe(2);
  });

  it.each([
    ['as long as the pod says, less a second', 'Keep-Alive: timeout=2\r\n', 1],
    ['not at all when that is a second', 'Keep-Alive: timeout=1\r\n', 2],
    ['not at all when it says so', 'Connection: close\r\n', 2],
  ])('are kept %s', async (_name, headers, wanted) => {
    const pod = await startRawPod({ serve: (socket) => void socket.write(answerOf('a', headers)) });
    const { pool, opened } = poolTo(pod.port);
    await ask(pool).outcome;
    await sleep(times.keptMs + 50);
    await ask(pool).outcome;
    expect(opened()).toBe(wanted);
  });

  it('are so many at most; requests beyond wait for one in their order, and nothing of one that is cancelled is sent', async () => {
    const held: Socket[] = [];
    const pod = await startRawPod({ serve: (socket) => void held.push(socket) });
    const { pool, opened } = poolTo(pod.port);
    const paths = ['/1', '/2', '/3', '/4', '/5'];
    const asked = paths.map((path) => ask(pool, { path }));
    expect(asked.map(({ call }) => call.isQueued)).toEqual([false, false, true, true, true]);
    while (held.length < 2) await sleep(5);
    asked[3]?.call.cancel();
    for (let answered = 0; answered < 4; answered += 1) {
      while (held.length === 0) await sleep(5);
      held.shift()?.write(answerOf('a'));
    }
    for (const index of [0, 1, 2, 4]) await asked[index]?.outcome;
    const sent = [...pod.received.join('').matchAll(/GET (\S+) /g)].map(([, path]) => path);
    expect({ opened: opened(), sent: sent.sort() }).toEqual({ opened: 2, sent: ['/1', '/2', '/3', '/5'] });
  });

  it('serve those that wait also when one is lost', async () => {
    const pod = await startRawPod({
      serve: (socket, text) => {
        if (text.includes('/bad')) socket.destroy();
        else socket.write(answerOf('a'));
      },
    });
    const { pool } = poolTo(pod.port, 1);
    const [bad, good] = [ask(pool, { path: '/bad' }), ask(pool, { path: '/good' })];
    expect(await bad.outcome).toEqual({
      failure: { error: expect.any(Error), sent: true, received: false, reused: false },
    });
    expect(await good.outcome).toEqual({ status: 200, body: 'a' });
  });

  it('say of a failure whether the connection had served before, and whether anything came', async () => {
    const pod = await startRawPod({
      serve: (socket, _text, count) => {
        if (count === 1) socket.write(answerOf('a'));
        else socket.end('HTTP/1.1 2');
      },
    });
    const { pool } = poolTo(pod.port);
    await ask(pool).outcome;
    expect(await ask(pool).outcome).toMatchObject({ failure: { sent: true, received: true, reused: true } });
  });

  it('never take what comes uncalled for as an answer', async () => {
    const pod = await startRawPod({ serve: (socket) => void socket.write(`${answerOf('a')}${answerOf('evil')}`) });
    const { pool, opened } = poolTo(pod.port);
    expect(await ask(pool).outcome).toEqual({ status: 200, body: 'a' });
    expect(await ask(pool).outcome).toEqual({ status: 200, body: 'a' });
    const late = await startRawPod({
      serve: (socket) => {
        socket.write(answerOf('a'));
        setTimeout(() => socket.write(answerOf('evil')), 50);
      },
    });
    const other = poolTo(late.port);
    expect(await ask(other.pool).outcome).toEqual({ status: 200, body: 'a' });
    await sleep(200);
    expect(await ask(other.pool).outcome).toEqual({ status: 200, body: 'a' });
    expect([opened(), other.opened()]).toEqual([2, 2]);
  });

  it('lose no request that waits to a pod that ends each connection with its answer, unannounced', async () => {
    const pod = await startRawPod({ serve: (socket) => void socket.end(answerOf('a')) });
    const { pool, opened } = poolTo(pod.port);
    const asked = Array.from({ length: 40 }, () => ask(pool, { method: 'POST' }).outcome);
    const outcomes = await Promise.all(asked);
    expect(outcomes).toEqual(Array(40).fill({ status: 200, body: 'a' }));
    expect(opened()).toBe(40);
  });

  it.each([
    ['HEAD', null],
    ['GET', Buffer.from('GET /evil HTTP/1.1\r\n\r\n')],
  ])(
    'are not used again where a server could be in doubt on where a request or its answer ends: %s',
    async (method, body) => {
      const pod = await startRawPod({
        serve: (socket) => void socket.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'),
      });
      const { pool, opened } = poolTo(pod.port);
      for (let turn = 0; turn < 2; turn += 1) await ask(pool, { method, body }).outcome;
      expect(opened()).toBe(2);
    },
  );

  it.each(['SSH-2.0-OpenSSH_9.6\r\n', 'HTTP/1.1 200 OK\nContent-Length: 1\n\na', 'HTTP/2'])(
    'do not wait for a head from who speaks another protocol: %j',
    async (text) => {
      const pod = await startRawPod({ serve: (socket) => void socket.write(text) });
      const outcome = await Promise.race([ask(poolTo(pod.port).pool).outcome, sleep(times.firstByteMs / 2)]);
      expect(outcome).toMatchObject({
        failure: { received: true, error: { message: expect.stringContaining('can not be passed on') } },
      });
    },
  );

  it('close when all requests are over, and only then', async () => {
    const held: Socket[] = [];
    const pod = await startRawPod({ serve: (socket) => void held.push(socket) });
    const { pool } = poolTo(pod.port, 1);
    const [first, second] = [ask(pool), ask(pool)];
    let isClosed = false;
    const closed = pool.close().then(() => (isClosed = true));
    for (const { outcome } of [first, second]) {
      while (held.length === 0) await sleep(5);
      expect(isClosed).toBe(false);
      held.shift()?.write(answerOf('a'));
      expect(await outcome).toEqual({ status: 200, body: 'a' });
    }
    await closed;
    expect(pool.isUnused).toBe(true);
    pools.splice(0);
  });
});
