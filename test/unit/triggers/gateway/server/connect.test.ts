import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type GatewayRig, startGatewayRig, tokenOf } from '../../../../helpers/gateway/gateway-rig.ts';
import { sendRaw } from '../../../../helpers/gateway/raw-http.ts';

let rig: GatewayRig;
let auth: string;
beforeAll(async () => {
  rig = await startGatewayRig();
  auth = `Authorization: Bearer ${await tokenOf()}\r\n`;
}, 60_000);
afterAll(() => rig.stop());

const tunnel = 'CONNECT here:443 HTTP/1.1\r\nHost: here\r\n\r\n';

describe('CONNECT', () => {
  it('behind a request that is not answered yet cuts the connection: its answer would be taken for that of the request', async () => {
    rig.answerBy(() => new Promise(() => undefined));
    const get = `GET /api/v1/session/a/proxy/x HTTP/1.1\r\nHost: here\r\n${auth}\r\n`;
    const { text, closed } = await sendRaw({ port: rig.port, parts: [get, tunnel], pauseMs: 50 });
    expect({ text, closed }).toEqual({ text: '', closed: true });
  });

  it('is not held open by a client that never closes its side', async () => {
    const socket = connect({ port: rig.port, host: '127.0.0.1', allowHalfOpen: true });
    const cut = new Promise<string>((resolve) => socket.once('close', () => resolve('cut')));
    socket.on('error', () => undefined).resume();
    socket.write(tunnel);
    await new Promise((resolve) => socket.once('end', resolve));
    // A connection that is gone answers the next bytes with a reset.
    const writing = setInterval(() => socket.write('x'), 100);
    const late = new Promise<string>((resolve) => setTimeout(() => resolve('still open'), 10_000).unref());
    expect(await Promise.race([cut, late])).toBe('cut');
    clearInterval(writing);
  }, 30_000);
});
