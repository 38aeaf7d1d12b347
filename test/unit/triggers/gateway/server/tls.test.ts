import { request as httpsRequest } from 'node:https';
import { writeFile } from 'node:fs/promises';
import { connect as connectPlain } from 'node:net';
import { join } from 'node:path';
import { type ConnectionOptions, type TLSSocket, connect } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type TlsFiles, createTlsFiles } from '../../../../../platform/tls/tls-files.ts';
import { createMetrics } from '../../../../../platform/metrics.ts';
import { type GatewayRig, startGatewayRig, tokenOf } from '../../../../helpers/gateway/gateway-rig.ts';
import { makeCertificate } from '../../../../helpers/gateway/make-certificate.ts';
import { captureLog } from '../../../../helpers/log-capture.ts';
import { useTemporaryFolders } from '../../../../helpers/temporary-folders.ts';

const folder = useTemporaryFolders();
let rig: GatewayRig;
let tls: TlsFiles;
let write: (pair: { cert: string; key: string }) => Promise<void>;
beforeAll(async () => {
  const at = await folder();
  const [certPath, keyPath] = [join(at, 'c'), join(at, 'k')];
  write = async ({ cert, key }) => {
    await writeFile(certPath, cert);
    await writeFile(keyPath, key);
  };
  await write(await makeCertificate({ name: 'first' }));
  tls = await createTlsFiles({ certPath, keyPath, logger: captureLog().logger, metrics: createMetrics(), pollMs: 20 });
  rig = await startGatewayRig({ tls, limits: { socketsPerClient: 10, headerMs: 1500 } });
}, 60_000);
afterAll(async () => {
  tls.close();
  await rig.stop();
});

const open = (options: ConnectionOptions = {}) =>
  new Promise<TLSSocket>((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port: rig.port, rejectUnauthorized: false, ...options }, () =>
      resolve(socket),
    );
    socket.once('error', reject);
  });
const ask = (socket: TLSSocket, head: string) =>
  new Promise<string>((resolve) => {
    socket.once('data', (chunk: Buffer) => resolve(chunk.toString()));
    socket.write(head);
  });
const health = 'GET /health HTTP/1.1\r\nHost: here\r\n\r\n';
const name = (socket: TLSSocket) => socket.getPeerCertificate().subject.CN;

describe('HTTPS', () => {
  it('serves requests, and tells the pod so', async () => {
    const authorization = `Bearer ${await tokenOf()}`;
    const path = '/api/v1/session/a/proxy/';
    const status = await new Promise((resolve, reject) => {
      const options = {
        port: rig.port,
        host: '127.0.0.1',
        path,
        headers: { authorization },
        rejectUnauthorized: false,
      };
      httpsRequest(options, (answer) => resolve(answer.resume().statusCode))
        .on('error', reject)
        .end();
    });
    expect(status).toBe(200);
    expect(rig.forwarded.at(-1)).toMatchObject({ protocol: 'https', clientAddress: '127.0.0.1' });
  });

  it('is TLS 1.2 or newer, HTTP/1.1 by ALPN', async () => {
    const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const;
    await expect(open(old)).rejects.toThrow();
    const socket = await open({ maxVersion: 'TLSv1.2', ALPNProtocols: ['h2', 'http/1.1'] });
    expect(socket.getProtocol()).toBe('TLSv1.2');
    expect(socket.alpnProtocol).toBe('http/1.1');
    socket.destroy();
  });

  it('takes a new certificate for new connections; those that are open go on', async () => {
    const before = await open();
    expect(name(before)).toBe('first');
    await write(await makeCertificate({ name: 'second' }));
    let after = await open();
    for (let left = 200; left > 0 && name(after) !== 'second'; left -= 1) {
      after.destroy();
      await new Promise((resolve) => setTimeout(resolve, 20));
      after = await open();
    }
    expect(name(after)).toBe('second');
    for (const socket of [before, after]) {
      expect(await ask(socket, health)).toMatch(/^HTTP\/1\.1 200 /);
      socket.destroy();
    }
  }, 60_000);

  it('still is TLS 1.2 or newer after that', async () => {
    const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const;
    await expect(open(old)).rejects.toThrow();
  });

  it('answers what is no request, in TLS', async () => {
    const socket = await open();
    expect(await ask(socket, 'rubbish\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 [^]*"code":"invalid_request"/);
    socket.destroy();
  });

  it('counts connections of a client, and those without a handshake, until they are closed', async () => {
    for (let round = 0; round < 5; round += 1) {
      const sockets = await Promise.all(Array.from({ length: 8 }, () => open()));
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    const held = Array.from({ length: 10 }, () => {
      const socket = connectPlain(rig.port, '127.0.0.1').resume();
      return new Promise((resolve) => socket.on('error', () => undefined).once('close', resolve));
    });
    await new Promise((resolve) => setTimeout(resolve, 200));
    await expect(open()).rejects.toThrow();
    // They are given up on after the time for a head.
    await Promise.all(held);
    const socket = await open();
    expect(await ask(socket, health)).toMatch(/^HTTP\/1\.1 200 /);
    socket.destroy();
  }, 60_000);
});
