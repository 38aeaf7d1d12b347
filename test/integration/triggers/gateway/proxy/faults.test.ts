import type { Socket } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { usePodProcesses } from '../../../../unit/deploy/session-pod/pod-process.ts';
import { freePort } from '../../../../helpers/free-port.ts';
import { Problem } from '../../../../../triggers/http/problems/problem.ts';
import { podEnv, routeTo, useProxyRigs } from './proxy-rig.ts';
import { connectRaw } from './raw-client.ts';
import { answerOf, useRawPods } from './raw-pod.ts';

const get = 'GET / HTTP/1.1\r\nHost: h\r\n\r\n';

describe('a request whose pod fails', () => {
  const startPod = usePodProcesses();
  const startRig = useProxyRigs();
  const startRawPod = useRawPods();

  async function rigOf(serve: (socket: Socket, text: string, count: number) => void, options = {}) {
    const pod = await startRawPod({ serve });
    const rig = await startRig({ reach: () => routeTo(pod.port), ...options });
    return { pod, rig };
  }

  it('goes whole to the next pod when the first one can not be connected to', async () => {
    const healed = routeTo(0, { podUid: 'uid-2', podName: 's-x-8', incarnation: 8 });
    const pod = await startPod(podEnv(healed));
    const dead = routeTo(await freePort());
    const rig = await startRig({ reach: (call) => (call === 0 ? dead : { ...healed, port: pod.port }) });
    const response = await fetch(`${rig.url}/execute`, { method: 'POST', body: JSON.stringify('x'.repeat(200_000)) });
    expect(await response.json()).toMatchObject({ incarnation: 8, echo: 'x'.repeat(200_000) });
    expect(response.headers.get('x-podkeeper-start')).toBe('healed');
    expect(rig.reached.map(({ suspect }) => suspect?.podUid)).toEqual([undefined, 'uid-1']);
    expect(rig.leases()).toBe(0);
  }, 60_000);

  it('is told so when no pod can be connected to within the hold', async () => {
    const dead = routeTo(await freePort());
    const rig = await startRig({ reach: () => dead, class: { holdSeconds: 1 } });
    const response = await fetch(rig.url);
    expect(response.status).toBe(502);
    expect(await response.json()).toMatchObject({ code: 'connect_failed' });
    expect(rig.reached.length).toBeGreaterThan(2);
    expect(rig.leases()).toBe(0);
  }, 60_000);

  it.each([
    ['GET', '', 'answered', 2],
    ['PUT', 'abc', 'answered', 2],
    ['POST', 'abc', 'not sent again', 1],
    ['PATCH', 'abc', 'not sent again', 1],
  ])(
    'on a connection that its pod closes as idle: %s %s is %s',
    async (method, body, outcome, sockets) => {
      const { pod, rig } = await rigOf((socket, _text, count) => {
        if (count === 2) socket.resetAndDestroy();
        else socket.write(answerOf('ok'));
      });
      await (await fetch(rig.url)).text();
      const client = connectRaw(rig.port);
      client.socket.write(`${method} /second HTTP/1.1\r\nHost: h\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
      await client.until(
        outcome === 'answered' ? /^HTTP\/1\.1 200 .*\r\n\r\nok$/s : /^HTTP\/1\.1 502 .*"code":"pod_gone"/s,
      );
      expect(pod.received.join('').match(/\/second/g)).toHaveLength(sockets);
      expect(pod.sockets).toHaveLength(sockets);
      client.socket.destroy();
    },
    60_000,
  );

  it('is not sent to the next pod when the one before may have seen it', async () => {
    const serve = (socket: Socket, _text: string, count: number) => {
      if (count === 2) socket.resetAndDestroy();
      else socket.write(answerOf('ok'));
    };
    const [first, next] = [await startRawPod({ serve }), await startRawPod({ serve })];
    const reach = (call: number) => (call < 2 ? routeTo(first.port) : routeTo(next.port, { podUid: 'uid-2' }));
    const rig = await startRig({ reach });
    await (await fetch(rig.url)).text();
    const response = await fetch(rig.url);
    expect(response.status).toBe(502);
    expect(await response.json()).toMatchObject({ code: 'pod_gone' });
    expect(next.sockets).toHaveLength(0);
    expect(rig.leases()).toBe(0);
  }, 60_000);

  it('is not sent again on a new connection that ended without an answer', async () => {
    const { pod, rig } = await rigOf((socket) => socket.destroy());
    const response = await fetch(rig.url);
    expect(response.status).toBe(502);
    expect(await response.json()).toMatchObject({ code: 'pod_gone' });
    expect(pod.sockets).toHaveLength(1);
  }, 60_000);

  it.each([
    ['a length', 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc'],
    ['chunks', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n'],
  ])(
    'is cut, with no end of its answer, when the pod dies in the middle of it: %s',
    async (_name, answer) => {
      const { rig } = await rigOf((socket) => {
        socket.write(answer);
        setTimeout(() => socket.resetAndDestroy(), 100);
      });
      const client = connectRaw(rig.port);
      client.socket.write(get);
      await client.ended;
      expect(client.text()).toMatch(/abc(\r\n)?$/);
      expect(rig.leases()).toBe(0);
      expect(await rig.metrics.sessionRequestSeconds.get()).toMatchObject({
        values: expect.arrayContaining([expect.objectContaining({ labels: { code: 'pod_gone' }, value: 1 })]),
      });
    },
    60_000,
  );

  it('is 504 when the pod does not begin to answer', async () => {
    const { rig } = await rigOf(() => undefined, { upstreamTimes: { firstByteMs: 500 } });
    const response = await fetch(rig.url, { method: 'POST', body: 'x' });
    expect(response.status).toBe(504);
    expect(await response.json()).toMatchObject({ code: 'first_byte_timeout' });
  }, 60_000);

  it('is cut when the pod goes silent in the middle of its answer', async () => {
    const { rig } = await rigOf((socket) => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc'), {
      upstreamTimes: { silenceMs: 500 },
    });
    const client = connectRaw(rig.port);
    client.socket.write(get);
    await client.ended;
    expect(client.text()).toMatch(/\r\n\r\nabc$/);
    expect(rig.leases()).toBe(0);
  }, 60_000);

  it.each(['nonsense\r\n\r\n', `HTTP/1.1 200 OK\r\nX-Long: ${'x'.repeat(20_000)}\r\n\r\n`, 'HTTP/1.1 200 OK\r\nX: a'])(
    'is 502 when the answer has no sound beginning (%#)',
    async (answer) => {
      const { rig } = await rigOf((socket) => socket.end(answer));
      const response = await fetch(rig.url);
      expect(response.status).toBe(502);
      expect(await response.json()).toMatchObject({ code: 'pod_gone' });
    },
    60_000,
  );

  it('ends at the pod when its client goes away, before the answer and in it', async () => {
    let waiting: Socket | undefined;
    const { pod, rig } = await rigOf((socket, text) => {
      waiting = socket;
      if (text.startsWith('GET /begun')) socket.write('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc');
    });
    for (const path of ['/silent', '/begun']) {
      waiting = undefined;
      const client = connectRaw(rig.port);
      client.socket.write(`GET ${path} HTTP/1.1\r\nHost: h\r\n\r\n`);
      await eventually(() => waiting !== undefined);
      if (path === '/begun') await client.until(/abc$/);
      expect(rig.leases()).toBe(1);
      client.socket.destroy();
      await eventually(() => pod.sockets.at(-1)?.destroyed === true && rig.leases() === 0 && rig.forwarding() === 0);
    }
  }, 60_000);

  it('is told why it is cut off while nothing was answered, and is cut where something was', async () => {
    const { pod, rig } = await rigOf((socket, text) => {
      if (text.startsWith('GET /begun')) socket.write('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc');
    });
    const begun = connectRaw(rig.port);
    begun.socket.write('GET /begun HTTP/1.1\r\nHost: h\r\n\r\n');
    await begun.until(/abc$/);
    const silent = fetch(rig.url);
    await eventually(() => pod.sockets.length === 2 && pod.received.join('').includes('GET / '));
    rig.abortAll(new Problem('shutting_down'));
    expect(await (await silent).json()).toMatchObject({ code: 'shutting_down' });
    await begun.ended;
    expect(rig.leases()).toBe(0);
  }, 60_000);

  it('leaves the rest of a body when its pod has answered before', async () => {
    const { pod, rig } = await rigOf((socket, _text, count) => {
      if (count === 1) socket.write(answerOf('enough'));
    });
    const client = connectRaw(rig.port);
    client.socket.write('POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 100000\r\n\r\nabc');
    await client.until(/\r\n\r\nenough$/);
    await eventually(() => pod.sockets[0]?.destroyed === true);
    // The client may finish, and ask again on the same connection.
    client.socket.write(`${'x'.repeat(99_997)}${get}`);
    await client.until(/enough.*\r\n\r\nenough$/s);
    client.socket.destroy();
  }, 60_000);
});

async function eventually(holds: () => boolean): Promise<void> {
  const end = performance.now() + 20_000;
  while (!holds()) {
    if (performance.now() > end) throw new Error('it never came to that');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
