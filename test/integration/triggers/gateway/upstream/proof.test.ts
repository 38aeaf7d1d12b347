import type { Socket } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { usePodProcesses } from '../../../../unit/deploy/session-pod/pod-process.ts';
import { podEnv, routeTo, useProxyRigs } from '../proxy/proxy-rig.ts';
import { answerOf, identityAnswer, useRawPods } from '../proxy/raw-pod.ts';

const secret = 'what-the-client-sends';
/** All that a gateway may send on a connection that is not proven. */
const onlyQuestion =
  /^GET \/\.podkeeper\/identity HTTP\/1\.1\r\nHost: \S+\r\nx-podkeeper-nonce: \S+\r\nx-podkeeper-mac: \S+\r\n\r\n$/;

describe('a new connection to a session pod', () => {
  const startRig = useProxyRigs();
  const startRawPod = useRawPods();
  const startPod = usePodProcesses();
  const send = (url: string) =>
    fetch(`${url}/${secret}`, { method: 'POST', body: secret, headers: { 'x-secret': secret } });

  it.each<[name: string, prove: (socket: Socket, question: string) => void]>([
    ['the pod of another session', (s, q) => s.write(identityAnswer(q, routeTo(0, { key: 'b'.repeat(26) })))],
    ['an earlier pod of the session', (s, q) => s.write(identityAnswer(q, routeTo(0, { incarnation: 6 })))],
    ['another pod with the same name', (s, q) => s.write(identityAnswer(q, routeTo(0, { podUid: 'uid-9' })))],
    ['one without the key', (s, q) => s.write(identityAnswer(q, routeTo(0, { podName: 'other' })))],
    ['one that repeats an old answer', (s) => s.write(identityAnswer('x-podkeeper-nonce: old'))],
    ['a web server', (s) => s.write(answerOf('<html></html>'))],
    ['one that says more', (s, q) => s.write(`${identityAnswer(q)}HTTP/1.1 200 OK\r\n\r\n`)],
    ['one that refuses', (s) => s.write('HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n')],
    ['no web server', (s) => s.write('SSH-2.0-OpenSSH_9.6\r\n')],
    ['one that never ends', (s) => s.write(`HTTP/1.1 200 OK\r\nX: ${'x'.repeat(10_000)}`)],
    ['one with two lengths', (s) => s.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}')],
    ['one in chunks', (s) => s.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n')],
  ])(
    'brings nothing of a client to %s',
    async (_name, prove) => {
      const pod = await startRawPod({ serve: () => undefined, prove });
      const rig = await startRig({ reach: () => routeTo(pod.port) });
      const response = await send(rig.url);
      expect(response.status).toBe(502);
      expect(await response.json()).toMatchObject({ code: 'wrong_pod' });
      expect(pod.received.length).toBeGreaterThan(0);
      for (const text of pod.received) expect(text).toMatch(onlyQuestion);
      expect(rig.dropped).toHaveLength(3);
      expect(rig.reached.map(({ suspect }) => suspect?.podUid)).toEqual([undefined, 'uid-1', 'uid-1']);
      expect((await rig.metrics.sessionWrongPods.get()).values[0]?.value).toBe(3);
    },
    60_000,
  );

  it.each<[name: string, prove: (socket: Socket) => void]>([
    ['resets it', (socket) => socket.resetAndDestroy()],
    ['closes it', (socket) => socket.end()],
    ['says nothing', () => undefined],
  ])(
    'brings nothing of a client to one that %s, and counts as not made',
    async (_name, prove) => {
      const pod = await startRawPod({ serve: () => undefined, prove });
      const options = { class: { holdSeconds: 1 }, upstreamTimes: { proofMs: 300 } };
      const rig = await startRig({ reach: () => routeTo(pod.port), ...options });
      const response = await send(rig.url);
      expect(await response.json()).toMatchObject({ code: 'connect_failed' });
      for (const text of pod.received) expect(text).toMatch(onlyQuestion);
      expect(rig.reached.at(-1)?.suspect?.podUid).toBe('uid-1');
      expect(rig.dropped).toEqual([]);
    },
    60_000,
  );

  it('goes on with the pod that is the right one, after a wrong one', async () => {
    const wrong = await startRawPod({ serve: () => undefined, prove: (socket) => socket.write(answerOf('{}')) });
    const right = await startPod(podEnv(routeTo(0)));
    const rig = await startRig({ reach: (call) => routeTo((call === 0 ? wrong : right).port) });
    const response = await fetch(`${rig.url}/execute`, { method: 'POST', body: '1' });
    expect(await response.json()).toMatchObject({ echo: 1 });
    expect(rig.dropped.map(({ port }) => port)).toEqual([wrong.port]);
  }, 60_000);

  it('is not even opened when the key of the pod is retired', async () => {
    const pod = await startRawPod({ serve: () => undefined });
    const rig = await startRig({ reach: () => routeTo(pod.port, { kid: 'k0' }) });
    expect(await (await send(rig.url)).json()).toMatchObject({ code: 'wrong_pod' });
    expect(pod.sockets).toHaveLength(0);
  }, 60_000);

  it('is made to a pod that can not prove itself only while its address can be trusted', async () => {
    const pod = await startRawPod({ serve: () => undefined, prove: (socket) => socket.write(answerOf('ok')) });
    let trusted = true;
    const options = { class: { identity: 'none' as const }, mayTrustAddress: () => trusted };
    const rig = await startRig({ reach: () => routeTo(pod.port), ...options });
    expect(await (await send(rig.url)).text()).toBe('ok');
    trusted = false;
    pod.sockets[0]?.destroy();
    const response = await send(rig.url);
    expect(await response.json()).toMatchObject({ code: 'wrong_pod' });
    expect(pod.sockets).toHaveLength(1);
  }, 60_000);

  it('is made over IPv6', async () => {
    const pod = await startRawPod({ host: '::1', serve: (socket) => socket.write(answerOf('six')) });
    const rig = await startRig({ reach: () => routeTo(pod.port, { address: '::1' }) });
    expect(await (await send(rig.url)).text()).toBe('six');
    expect(pod.received[0]).toContain(`Host: [::1]:${pod.port}\r\n`);
  }, 60_000);

  it('is one of 16 at most; what is beyond waits for one of them, within the hold', async () => {
    const waiting: Socket[] = [];
    const pod = await startRawPod({ serve: (socket) => void waiting.push(socket) });
    const rig = await startRig({ reach: () => routeTo(pod.port), class: { holdSeconds: 2 } });
    const answers = Array.from({ length: 20 }, () => fetch(rig.url).then(async (response) => response.text()));
    while (waiting.length < 16) await new Promise((resolve) => setTimeout(resolve, 20));
    waiting[0]?.write(answerOf('first'));
    await Promise.race(answers);
    const refused = (await Promise.all(answers.map((answer) => Promise.race([answer, later(6000)])))).filter((text) =>
      text?.includes('too_many_waiters'),
    );
    expect(refused).toHaveLength(3);
    expect(pod.sockets).toHaveLength(16);
    for (const socket of waiting) socket.write(answerOf('later'));
    await Promise.all(answers);
    expect(rig.leases()).toBe(0);
  }, 60_000);

  it('of its own is for a WebSocket, and ends with its signal', async () => {
    const pod = await startRawPod({ serve: (socket, text) => socket.write(`echo ${text}`) });
    const silent = await startRawPod({ serve: () => undefined, prove: () => undefined });
    const rig = await startRig({ reach: () => routeTo(pod.port) });
    const socket = await rig.upstream.connect(routeTo(pod.port), new AbortController().signal);
    socket.write('hello');
    expect(String(await new Promise((resolve) => socket.once('data', resolve)))).toBe('echo hello');
    socket.destroy();
    const stop = new AbortController();
    const pending = rig.upstream.connect(routeTo(silent.port), stop.signal);
    setTimeout(() => stop.abort(new Error('stopped')), 100);
    await expect(pending).rejects.toThrow('stopped');
  }, 60_000);
});

function later(ms: number): Promise<undefined> {
  return new Promise((resolve) => setTimeout(() => resolve(undefined), ms).unref());
}
