import { describe, expect, it, jest } from '@jest/globals';
import { accept, frameOf, key, opcodes, openRaw, openWebSocket, until, upgradeText } from './raw-web-socket.ts';
import { routeTo, useTunnels } from './tunnel-rig.ts';

jest.setTimeout(60_000);
const { startPod, startTunnels, fakePod } = useTunnels();
const untrusted = { class: { identity: 'none' } } as const;

/** What a client gets from a pod that answers its upgrade so, and what the pod got. */
async function askThrough(answer: string, sent: Buffer | string = upgradeText()) {
  const requests: string[] = [];
  const pod = await fakePod((peer) => {
    void peer.head().then((head) => {
      requests.push(head);
      peer.send(answer);
      peer.socket.end();
    });
  });
  const rig = await startTunnels(pod.route, { ...untrusted, times: { firstByteMs: 1000 } });
  const client = await openRaw(rig.port);
  client.send(sent);
  const text = (await client.rest()).toString('latin1');
  await until(() => rig.counts.held === 0);
  expect(rig.counts.released).toBe(rig.counts.taken);
  return { text, requests, pod, rig };
}

const upgraded = (lines: readonly string[]) => `${['HTTP/1.1 101 Yes', ...lines].join('\r\n')}\r\n\r\n`;

describe('a request that opens a WebSocket', () => {
  it.each([
    ['another version', { 'Sec-WebSocket-Version': '8' }, 'invalid_request'],
    ['no key', { 'Sec-WebSocket-Key': '' }, 'invalid_request'],
    ['a key that is no 16 bytes', { 'Sec-WebSocket-Key': 'dGhlIHNhbXBsZQ==' }, 'invalid_request'],
    ['another protocol', { Upgrade: 'h2c' }, 'invalid_request'],
    ['a body', { 'Content-Length': '5' }, 'invalid_request'],
    ['a body in chunks', { 'Transfer-Encoding': 'chunked' }, 'invalid_request'],
  ])('is refused for %s before anything is asked of the pod', async (_what, headers, code) => {
    const pod = await fakePod(() => undefined);
    const rig = await startTunnels(pod.route, untrusted);
    const client = await openRaw(rig.port);
    client.send(`${upgradeText(headers)}hello`);
    const text = (await client.rest()).toString();
    expect(text).toMatch(/^HTTP\/1\.1 400 /);
    expect(text).toContain(code);
    expect([pod.connections(), rig.counts.taken]).toEqual([0, 0]);
  });

  it('is refused with two keys', async () => {
    const { text, requests } = await askThrough(
      '',
      upgradeText().replace('\r\n\r\n', `\r\nSec-WebSocket-Key: ${key}\r\n\r\n`),
    );
    expect(text).toMatch(/^HTTP\/1\.1 400 [^]*invalid_request$/);
    expect(requests).toEqual([]);
  });

  it('reaches the pod without what is only between client and gateway', async () => {
    const { requests } = await askThrough(
      'HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n',
      upgradeText({
        Connection: 'keep-alive, Upgrade, X-Secret, Sec-WebSocket-Key',
        'X-Secret': 'hop',
        Authorization: 'Bearer t',
        'X-Forwarded-For': '1.2.3.4',
        'X-Podkeeper-Nonce': 'n',
        'Content-Length': '0',
        'Sec-WebSocket-Protocol': 'chat',
        Cookie: 'a=b',
      }),
    );
    const [request = ''] = requests;
    expect(request.split('\r\n').filter((line) => line !== '')).toEqual([
      'GET /ws HTTP/1.1',
      'Host: gateway',
      'Cookie: a=b',
      'X-Forwarded-For: 127.0.0.1',
      'X-Forwarded-Proto: http',
      'X-Forwarded-Host: gateway',
      'X-Request-Id: request-1',
      'Sec-WebSocket-Version: 13',
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
      'Sec-WebSocket-Protocol: chat',
      'Connection: Upgrade',
      'Upgrade: websocket',
    ]);
  });

  it('is not followed by a second request, whatever the client sends behind it', async () => {
    const { text, requests, pod } = await askThrough(
      'HTTP/1.1 403 No\r\nContent-Length: 4\r\nX-Podkeeper-Start: cold\r\nKeep-Alive: timeout=5\r\nX-Why: so\r\n\r\nnope',
      upgradeText() + upgradeText({}, '/secret'),
    );
    expect(requests).toHaveLength(1);
    expect(pod.connections()).toBe(1);
    expect(text).toMatch(/^HTTP\/1\.1 403 Forbidden\r\n/);
    expect(text).toContain('X-Why: so\r\n');
    expect(text).toContain('X-Podkeeper-Start: existing\r\n');
    expect(text).not.toMatch(/cold|Keep-Alive/);
    expect(text.endsWith('Connection: close\r\n\r\nnope')).toBe(true);
  });

  it('gets a refusal of unknown length in chunks, so that its end can be told from a cut', async () => {
    const { text } = await askThrough('HTTP/1.1 404 No\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nnope\r\n0\r\n\r\n');
    expect(text).toContain('Transfer-Encoding: chunked\r\n');
    expect(text.endsWith('\r\n\r\n4\r\nnope\r\n0\r\n\r\n')).toBe(true);
    const cut = await askThrough('HTTP/1.1 404 No\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nno');
    expect(cut.text.endsWith('0\r\n\r\n')).toBe(false);
  });

  it.each([
    ['the wrong accept', upgraded(['Upgrade: websocket', 'Connection: Upgrade', 'Sec-WebSocket-Accept: AAAA'])],
    ['no accept', upgraded(['Upgrade: websocket', 'Connection: Upgrade'])],
    [
      'two accepts',
      upgraded([
        'Upgrade: websocket',
        'Connection: Upgrade',
        `Sec-WebSocket-Accept: ${accept}`,
        `Sec-WebSocket-Accept: ${accept}`,
      ]),
    ],
    ['another protocol', upgraded(['Upgrade: h2c', 'Connection: Upgrade', `Sec-WebSocket-Accept: ${accept}`])],
    [
      'a folded header',
      upgraded(['Upgrade: websocket', 'X-A: b', ' c', 'Connection: Upgrade', `Sec-WebSocket-Accept: ${accept}`]),
    ],
    [
      'a bare line feed',
      `HTTP/1.1 101 Yes\nUpgrade: websocket\nConnection: Upgrade\nSec-WebSocket-Accept: ${accept}\n\n`,
    ],
    ['no HTTP', 'hello\r\n\r\n'],
    ['headers without end', `HTTP/1.1 101 Yes\r\n${'X-A: b\r\n'.repeat(5000)}`],
    ['too many headers', upgraded(Array.from({ length: 150 }, (_, index) => `X-${index}: b`))],
    ['nothing', ''],
  ])('is answered with 502 when the pod says %s', async (_what, answer) => {
    const { text } = await askThrough(answer);
    expect(text).toMatch(/^HTTP\/1\.1 502 [^]*pod_gone$/);
  });

  it('is answered with 504 when the pod takes too long, and told nothing when its client leaves', async () => {
    const pod = await fakePod(() => undefined);
    const rig = await startTunnels(pod.route, { ...untrusted, times: { firstByteMs: 300 } });
    const client = await openRaw(rig.port);
    client.send(upgradeText());
    expect((await client.rest()).toString()).toMatch(/^HTTP\/1\.1 504 [^]*first_byte_timeout$/);
    const leaver = await openRaw(rig.port);
    leaver.send(upgradeText());
    await until(() => rig.counts.held === 1);
    leaver.socket.resetAndDestroy();
    await until(() => rig.counts.held === 0);
    expect(rig.counts).toEqual({ taken: 2, held: 0, released: 2 });
  });

  it('is passed frames that come with the answer', async () => {
    const hello = frameOf({ opcode: opcodes.text, payload: 'hello', masked: false });
    const answer = upgraded(['Upgrade: websocket', 'Connection: Upgrade', `Sec-WebSocket-Accept: ${accept}`]);
    const pod = await fakePod((peer) => {
      void peer.head().then(() => peer.send(Buffer.concat([Buffer.from(answer), hello])));
    });
    const rig = await startTunnels(pod.route, untrusted);
    expect((await (await openWebSocket(rig.port)).frame()).payload.toString()).toBe('hello');
  });
});

describe('a WebSocket to a pod that is not there', () => {
  it('reports the pod, asks again and is opened to the next one', async () => {
    const pod = await startPod();
    const lost = routeTo(1);
    const rig = await startTunnels(lost);
    const opening = openWebSocket(rig.port);
    await until(() => rig.asked.length === 2);
    rig.setRoute(pod.route);
    const client = await opening;
    client.send(frameOf({ opcode: opcodes.text, payload: 'hello' }));
    expect((await client.frame()).payload.toString()).toBe('hello');
    expect(rig.asked[0]!.suspect).toBeUndefined();
    expect(rig.asked[1]!.suspect).toEqual(lost);
    expect(rig.counts.held).toBe(1);
  });

  it('gets 502 once it was held as long as its class says', async () => {
    const rig = await startTunnels(routeTo(1), { class: { holdSeconds: 1 } });
    const client = await openRaw(rig.port);
    client.send(upgradeText());
    expect((await client.rest()).toString()).toMatch(/^HTTP\/1\.1 502 [^]*connect_failed$/);
    expect(rig.counts.held).toBe(0);
  });
});

describe('a WebSocket whose route leads to another pod', () => {
  it('sends it nothing of the client, drops the route, says so to its run and goes to the right one', async () => {
    const stranger = await startPod({ POD_UID: 'uid-2', PODKEEPER_SESSION_KEY: 'z'.repeat(26), SESSION_ID: 'bob' });
    const right = await startPod();
    const rig = await startTunnels(stranger.route);
    const opening = openWebSocket(rig.port, { 'X-Mine': 'secret' });
    await until(() => rig.dropped.length > 0);
    rig.setRoute(right.route);
    await opening;
    const own = (line: { readonly event: string; readonly path?: unknown }) =>
      line.event === 'request' && line.path !== '/.podkeeper/identity';
    await right.logged(own);
    expect(stranger.log().filter(own)).toEqual([]);
    // Its run looks at the pod whose place another one has.
    expect(new Set(rig.asked.map(({ suspect }) => suspect?.podUid))).toEqual(
      new Set([undefined, stranger.route.podUid]),
    );
  });
});
