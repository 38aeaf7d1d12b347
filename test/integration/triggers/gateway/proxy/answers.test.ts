import { createHash, randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { usePodProcesses } from '../../../../unit/deploy/session-pod/pod-process.ts';
import { podEnv, routeTo, useProxyRigs } from './proxy-rig.ts';
import { connectRaw } from './raw-client.ts';
import { answerOf, useRawPods } from './raw-pod.ts';

describe('a request to a session pod', () => {
  const startPod = usePodProcesses();
  const startRig = useProxyRigs();
  const startRawPod = useRawPods();

  async function start() {
    const pod = await startPod(podEnv(routeTo(0)));
    return startRig({ reach: () => routeTo(pod.port) });
  }

  it('is answered by the pod, with headers of ours', async () => {
    const rig = await start();
    const response = await fetch(`${rig.url}/execute`, { method: 'POST', body: '{"hello":1}' });
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ sessionId: 'alice-1', echo: { hello: 1 }, count: 1 });
    expect(response.headers.get('x-podkeeper-start')).toBe('existing');
    expect(response.headers.get('x-request-id')).toBe('request-1');
    expect(response.headers.get('server-timing')).toMatch(/^route;dur=[\d.]+, pod;dur=[\d.]+$/);
    expect(rig.leases()).toBe(0);
    expect(await rig.metrics.sessionRequestSeconds.get()).toMatchObject({
      values: expect.arrayContaining([expect.objectContaining({ labels: { code: '200' }, value: 1 })]),
    });
  }, 60_000);

  it('comes to the pod without a token, and without what only neighbours or we may say', async () => {
    const rig = await start();
    const client = connectRaw(rig.port);
    client.socket.write(
      [
        'POST /mirror?a=%2F&b HTTP/1.1',
        'Host: sessions.example',
        'Authorization: Bearer secret-token',
        'Connection: keep-alive, X-Hop, content-length',
        'X-Hop: 1',
        'X-Podkeeper-Class: default',
        'X-Podkeeper-Mac: forged',
        'X-Forwarded-For: 203.0.113.9',
        'Forwarded: for=203.0.113.9',
        'TE: trailers',
        'Keep-Alive: 5',
        'X-Kept: a',
        'x-kept: b',
        'Content-Length: 3',
        '',
        'abc',
      ].join('\r\n'),
    );
    const text = await client.until(/\}\}$/);
    const seen = JSON.parse(text.slice(text.indexOf('\r\n\r\n') + 4)) as { rawHeaders: string[]; target: string };
    const names = seen.rawHeaders.filter((_name, index) => index % 2 === 0).map((name) => name.toLowerCase());
    expect(seen).toMatchObject({ target: '/mirror?a=%2F&b', method: 'POST', body: { bytes: 3 } });
    expect(names.sort()).toEqual(
      [
        ['connection', 'content-length', 'host', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto'],
        ['x-kept', 'x-kept', 'x-request-id'],
      ].flat(),
    );
    expect(JSON.stringify(seen)).not.toMatch(/secret-token|203\.0\.113|forged/);
    client.socket.destroy();
  }, 60_000);

  it.each([
    ['Content-Length', 200_000, false],
    ['chunks', 200_000, true],
    ['no body', 0, false],
    ['an empty chunked body', 0, true],
    ['a short chunked body', 10, true],
  ])(
    'brings its body to the pod as it is: %s',
    async (_name, length, chunked) => {
      const rig = await start();
      const body = randomBytes(length);
      const stream = () => new Blob([body]).stream();
      const response = await fetch(`${rig.url}/mirror`, {
        method: 'PUT',
        body: chunked ? stream() : body,
        duplex: 'half',
      });
      const sha256 = createHash('sha256').update(body).digest('hex');
      expect(await response.json()).toMatchObject({ method: 'PUT', body: { bytes: length, sha256 } });
    },
    60_000,
  );

  it('has no body in the answer to HEAD, and keeps its length', async () => {
    const rig = await start();
    const response = await fetch(`${rig.url}/mirror`, { method: 'HEAD' });
    expect(response.status).toBe(200);
    expect(Number(response.headers.get('content-length'))).toBeGreaterThan(100);
    expect(await response.text()).toBe('');
  }, 60_000);

  it('sees the first event of a stream before the second is made', async () => {
    const rig = await start();
    const client = connectRaw(rig.port);
    client.socket.write('GET /stream?seconds=2 HTTP/1.1\r\nHost: h\r\n\r\n');
    // The headers come a second before the first event.
    const head = await client.until(/\r\n\r\n/);
    expect(head).toMatch(/content-type: text\/event-stream/i);
    expect(head).not.toContain('data:');
    expect(await client.until(/"number":1/)).not.toContain('"number":2');
    expect(rig.leases()).toBe(1);
    await client.until(/"number":2.*\r\n0\r\n\r\n$/s);
    client.socket.destroy();
  }, 60_000);

  it.each([
    [
      '204',
      'HTTP/1.1 204 No Content\r\n\r\n',
      /^HTTP\/1\.1 204 No Content\r\n(?!.*(content-length|chunked)).*\r\n\r\n$/is,
    ],
    [
      '304',
      'HTTP/1.1 304 Not Modified\r\nETag: "a"\r\n\r\n',
      /^HTTP\/1\.1 304 Not Modified\r\n.*ETag: "a".*\r\n\r\n$/s,
    ],
    ['own words', answerOf('x').replace('OK', 'Very Fine'), /^HTTP\/1\.1 200 Very Fine\r\n.*\r\n\r\nx$/s],
    ['hints', `HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n${answerOf('x')}`, /^HTTP\/1\.1 200 OK\r\n.*\r\n\r\nx$/s],
    [
      'parts that come together',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n2\r\nbc\r\n1\r\nd\r\n0\r\n\r\n',
      /^HTTP\/1\.1 200 OK\r\n.*chunked.*\r\n\r\n1\r\na\r\n2\r\nbc\r\n1\r\nd\r\n0\r\n\r\n$/is,
    ],
    [
      'an end by closing',
      'HTTP/1.1 200 OK\r\n\r\nabc',
      /^HTTP\/1\.1 200 OK\r\n.*chunked.*\r\n\r\n3\r\nabc\r\n0\r\n\r\n$/is,
    ],
    [
      'trailers',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\nX-Sum: 5\r\nX-Podkeeper-Start: cold\r\nSet-Cookie: a=1\r\n\r\n',
      /\r\n\r\n1\r\nx\r\n0\r\nX-Sum: 5\r\n\r\n$/,
    ],
    [
      'headers of neighbours',
      answerOf(
        'x',
        'Connection: X-Hop, close\r\nX-Hop: 1\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\nX-Podkeeper-Start: cold\r\n',
      ),
      /^(?!.*X-Hop)(?!.*Start: cold).*Set-Cookie: a=1\r\nSet-Cookie: b=2\r\n.*\r\n\r\nx$/s,
    ],
  ])(
    'passes on what a pod answers: %s',
    async (_name, answer, expected) => {
      const pod = await startRawPod({
        serve: (socket) => (answer.includes('abc') ? socket.end(answer) : socket.write(answer)),
      });
      const rig = await startRig({ reach: () => routeTo(pod.port) });
      const client = connectRaw(rig.port);
      client.socket.write('GET / HTTP/1.1\r\nHost: h\r\n\r\n');
      await client.until(expected);
      client.socket.destroy();
    },
    60_000,
  );

  it('tells the client to go on with its body only when a pod is there to take it', async () => {
    const pod = await startPod(podEnv(routeTo(0)));
    const gate = Promise.withResolvers<undefined>();
    const rig = await startRig({ reach: () => routeTo(pod.port), before: gate.promise });
    const client = connectRaw(rig.port);
    client.socket.write('POST /mirror HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n');
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(client.text()).toBe('');
    gate.resolve(undefined);
    await client.until(/^HTTP\/1\.1 100 Continue\r\n\r\n$/);
    client.socket.write('abc');
    expect(await client.until(/"bytes":3/)).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 OK/);
    client.socket.destroy();
  }, 60_000);
});
