import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { connect } from 'node:net';
import { type HttpRig, startHttpRig } from '../../../helpers/http/http-rig.ts';
import { randomCalls } from '../../../helpers/http/random-calls.ts';
import { propertySeed } from '../../../helpers/properties.ts';

let rig: HttpRig;

beforeAll(async () => {
  rig = await startHttpRig();
  await rig.servers.startPodWorker();
}, 60_000);

afterAll(async () => {
  await rig.close();
}, 60_000);

describe('whatever is sent', () => {
  test(`no request makes the API fail, and each answer is as documented (seed ${propertySeed})`, async () => {
    const statuses = new Map<number, number>();
    await fc.assert(
      fc.asyncProperty(randomCalls(rig.document), async (call) => {
        const { status, text } = await rig.call(call);
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
        if (status >= 500) throw new Error(`${status} ${text}`);
      }),
      { seed: propertySeed, numRuns: 400 },
    );
    // Random requests that never get past the first check would prove little.
    expect([...statuses.keys()].filter((status) => status < 300)).not.toEqual([]);
    expect(statuses.size).toBeGreaterThan(4);
  }, 180_000);

  test(`no bytes make the process fail (seed ${propertySeed})`, async () => {
    const piece = fc.oneof(
      fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
      fc
        .constantFrom(
          'GET ',
          'POST /',
          ' HTTP/1.1\r\n',
          'Host: a\r\n',
          'Content-Length: 5\r\n',
          '\r\n\r\n',
          'CONNECT ',
          '0\r\n',
          'Upgrade: x\r\nConnection: upgrade\r\n',
          'PRI * HTTP/2.0\r\n\r\n',
        )
        .map((text) => Buffer.from(text)),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { minLength: 1, maxLength: 8 }), async (pieces) => {
        const answer = await sendBytes(Buffer.concat(pieces));
        expect(answer === '' || /^HTTP\/1\.1 [24]\d\d /.test(answer)).toBe(true);
      }),
      { seed: propertySeed, numRuns: 150 },
    );
    expect((await rig.call({ path: '/health' })).status).toBe(200);
    expect(rig.log.lines().filter(({ level }) => level === 'error')).toEqual([]);
  }, 120_000);
});

/** What comes back before the server closes or falls silent. */
function sendBytes(bytes: Buffer): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(rig.port, '127.0.0.1');
    let received = '';
    socket.setEncoding('latin1').on('data', (text: string) => (received += text));
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(received));
    socket.end(bytes);
    socket.setTimeout(500, () => socket.destroy());
  });
}
