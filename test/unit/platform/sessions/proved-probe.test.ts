import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import {
  challengeText,
  claimText,
  identityHeaders,
  identityPath,
} from '../../../../domain/sessions/handshake/handshake-texts.ts';
import { createProbe } from '../../../../platform/sessions/probe.ts';
import { mac } from '../../../../platform/sessions/signing-keys.ts';

const podKey = 'the key of the pod';
const claim = { podUid: 'uid-1', sessionKey: 'a'.repeat(26), incarnation: 7 };

describe('a probe of a native pod', () => {
  const { probe, close } = createProbe();
  const proven = new WeakSet<Socket>();
  const asked: string[] = [];
  let server: Server;
  const prove = (request: IncomingMessage): string | undefined => {
    const nonce = String(request.headers[identityHeaders.nonce]);
    if (request.headers[identityHeaders.mac] !== mac(podKey, challengeText(nonce))) return undefined;
    proven.add(request.socket);
    return JSON.stringify({ ...claim, mac: mac(podKey, claimText(nonce, claim)) });
  };
  beforeAll(async () => {
    server = createServer((request, response) => {
      asked.push(request.url ?? '');
      const answer =
        request.url === identityPath ? prove(request) : proven.has(request.socket) ? '{"busy":true}' : undefined;
      response.writeHead(answer === undefined ? 421 : 200).end(answer);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(async () => {
    await close();
    server.closeAllConnections();
    server.close();
  });

  const ask = (proof?: { podKey: string; claim: typeof claim }) => {
    const { port } = server.address() as AddressInfo;
    return probe({ address: '127.0.0.1', port, path: '/busy', timeoutMs: 5000, ...(proof !== undefined && { proof }) });
  };

  it('is answered on the connection on which both have proved themselves', async () => {
    expect(await ask()).toMatchObject({ answered: true, status: 421 });
    expect(await ask({ podKey, claim })).toEqual({ answered: true, status: 200, body: '{"busy":true}' });
  });

  it('asks nothing of a pod that is another one, or does not know the key', async () => {
    asked.length = 0;
    expect(await ask({ podKey, claim: { ...claim, incarnation: 8 } })).toEqual({
      answered: false,
      reason: 'not the pod asked for',
    });
    expect(await ask({ podKey: 'another', claim })).toMatchObject({ answered: false });
    expect(asked).toEqual([identityPath, identityPath]);
  });
});
