import { createServer } from 'node:https';
import { type AddressInfo } from 'node:net';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createCertificates, readKeyPair } from '../../../../dev/environment/servers/certificates.ts';
import { runSessions } from './gateway-stand-in.ts';

let folder: string;
let server: ReturnType<typeof createServer>;
let port: number;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'podkeeper-tls-'));
  await createCertificates(folder, [{ name: 'gateway', subject: '/CN=gateway', alternativeNames: ['DNS:localhost'] }]);
  const { certificate: cert, key } = await readKeyPair(folder, 'gateway');
  server = createServer({ cert, key }, (_, response) => response.end('{"sessions":[],"cursor":null}'));
  await new Promise<void>((resolve) => server.listen(0, resolve));
  ({ port } = server.address() as AddressInfo);
}, 60_000);
afterAll(async () => {
  await new Promise((resolve) => server.close(resolve));
  await rm(folder, { recursive: true });
});

const list = (url: string, ...args: readonly string[]) => runSessions(['list', '--url', `${url}:${port}`, ...args], {});

describe('a gateway with a certificate of an authority of its own', () => {
  it('is trusted with --ca', async () => {
    expect((await list('https://localhost', '--ca', join(folder, 'ca.crt'))).code).toBe(0);
  });

  it('is not trusted without, and says what to do', async () => {
    const { code, faults } = await list('https://localhost');
    expect(code).toBe(1);
    expect(faults.join()).toContain('Give its authority: --ca <file>.');
  });

  it('must have the name it is called by', async () => {
    const { code, faults } = await list('https://127.0.0.1', '--ca', join(folder, 'ca.crt'));
    expect(code).toBe(1);
    expect(faults.join()).toContain('certificate for another name');
  });

  it('is told apart from one without a certificate', async () => {
    const { code, faults } = await list('http://127.0.0.1');
    expect(code).toBe(3);
    expect(faults.join()).toContain('A gateway with a certificate needs https://.');
  });

  it('is not asked with a file of certificates that is not there', async () => {
    const { code, faults } = await list('https://localhost', '--ca', '/nonexistent.pem');
    expect(code).toBe(2);
    expect(faults.join()).toContain('--ca /nonexistent.pem: there is no such file.');
  });
});
