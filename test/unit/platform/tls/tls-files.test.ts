import { X509Certificate } from 'node:crypto';
import { mkdir, rename, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { ConfigError } from '../../../../platform/config/config-error.ts';
import { createMetrics } from '../../../../platform/metrics.ts';
import { type TlsFiles, createTlsFiles } from '../../../../platform/tls/tls-files.ts';
import { makeCertificate } from '../../../helpers/gateway/make-certificate.ts';
import { captureLog } from '../../../helpers/log-capture.ts';
import { useTemporaryFolders } from '../../../helpers/temporary-folders.ts';

const folder = useTemporaryFolders();
const open: TlsFiles[] = [];
afterEach(() => {
  for (const files of open.splice(0)) files.close();
});
const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

async function setUp(days = 90) {
  const at = await folder();
  const certPath = join(at, 'tls.crt');
  const keyPath = join(at, 'tls.key');
  const write = async ({ cert, key }: { cert?: string; key?: string }) => {
    if (cert !== undefined) await writeFile(certPath, cert);
    if (key !== undefined) await writeFile(keyPath, key);
  };
  const first = await makeCertificate({ name: 'first', days });
  await write(first);
  const metrics = createMetrics();
  const log = captureLog();
  const start = async () => {
    const files = await createTlsFiles({ certPath, keyPath, logger: log.logger, metrics, pollMs: 20 });
    open.push(files);
    return files;
  };
  const reloads = async (result: string) => {
    const { values } = await metrics.tlsReloads.get();
    return values.find(({ labels }) => labels.result === result)?.value;
  };
  return { at, certPath, keyPath, write, first, start, reloads, log };
}
const nameOf = (files: TlsFiles) => new X509Certificate(files.current().cert).subject;
async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  for (let left = 500; left > 0; left -= 1) {
    if (await holds()) return;
    await pause(20);
  }
  throw new Error('it did not come to that');
}

describe('a certificate and its key', () => {
  it('are taken when they fit, and again when both have changed', async () => {
    const { write, start, reloads, first } = await setUp();
    const files = await start();
    const seen: string[] = [];
    files.onChange(({ cert }) => void seen.push(new X509Certificate(cert).subject));
    expect(files.current()).toEqual(first);
    await write(await makeCertificate({ name: 'second' }));
    await until(() => nameOf(files) === 'CN=second');
    expect(seen).toEqual(['CN=second']);
    expect([await reloads('loaded'), await reloads('failed')]).toEqual([1, expect.any(Number)]);
  }, 60_000);

  it.each([
    ['a key of another certificate', async () => ({ key: (await makeCertificate({ name: 'other' })).key })],
    ['half a certificate', async () => ({ cert: (await makeCertificate({ name: 'half' })).cert.slice(0, 300) })],
    ['an empty certificate', () => Promise.resolve({ cert: '' })],
    ['an empty key', () => Promise.resolve({ key: '' })],
    [
      'rubbish as the key',
      () => Promise.resolve({ key: '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n' }),
    ],
  ])(
    'stay in force when what comes does not fit: %s; and that is said once',
    async (_name, change) => {
      const { write, start, reloads, first, log } = await setUp();
      const files = await start();
      await write(await change());
      await until(async () => (await reloads('failed')) === 1);
      await pause(200);
      expect(await reloads('failed')).toBe(1);
      expect(files.current()).toEqual(first);
      expect(log.lines().filter(({ level }) => level === 'error')).toHaveLength(1);
      expect(log.text()).not.toContain('PRIVATE KEY');
      // And what fits in the end is taken.
      await write(await makeCertificate({ name: 'next' }));
      await until(() => nameOf(files) === 'CN=next');
    },
    60_000,
  );

  it('are taken when they came one after the other', async () => {
    const { write, start } = await setUp();
    const files = await start();
    const { cert, key } = await makeCertificate({ name: 'second' });
    await write({ cert });
    await pause(100);
    expect(nameOf(files)).toBe('CN=first');
    await write({ key });
    await until(() => nameOf(files) === 'CN=second');
  }, 60_000);

  it('are taken when a mounted Secret swaps its link', async () => {
    const { at, start, first } = await setUp();
    const data = async (name: string, pair: { cert: string; key: string }) => {
      await mkdir(join(at, name));
      await writeFile(join(at, name, 'tls.crt'), pair.cert);
      await writeFile(join(at, name, 'tls.key'), pair.key);
    };
    await data('one', first);
    await data('two', await makeCertificate({ name: 'second' }));
    await symlink('one', join(at, '..data'));
    for (const file of ['tls.crt', 'tls.key']) {
      await symlink(join('..data', file), join(at, `${file}.link`));
      await rename(join(at, `${file}.link`), join(at, file));
    }
    const files = await start();
    await symlink('two', join(at, '..data_tmp'));
    await rename(join(at, '..data_tmp'), join(at, '..data'));
    await until(() => nameOf(files) === 'CN=second');
  }, 60_000);

  it('must be there and fit at the start: the message says what is wrong and names the settings', async () => {
    const { start, write, certPath } = await setUp();
    await write({ key: (await makeCertificate({ name: 'other' })).key });
    await expect(start()).rejects.toThrow(ConfigError);
    await expect(start()).rejects.toThrow(/TLS_CERT_PATH, TLS_KEY_PATH: the key is not that of the certificate/);
    await write({ cert: 'none' });
    await expect(start()).rejects.toThrow(/no certificate/);
    const { logger } = captureLog();
    const missing = createTlsFiles({ certPath: `${certPath}.x`, keyPath: certPath, logger, metrics: createMetrics() });
    await expect(missing).rejects.toThrow(/ENOENT/);
  }, 60_000);

  it('that expire in a few days are warned of, once; those that do later are not', async () => {
    const soon = await setUp(3);
    await soon.start();
    const later = await setUp(30);
    await later.start();
    await pause(200);
    const warnings = (lines: Record<string, unknown>[]) => lines.filter(({ level }) => level === 'warn');
    expect(warnings(soon.log.lines())).toMatchObject([{ daysLeft: 2, msg: 'the certificate expires soon' }]);
    expect(warnings(later.log.lines())).toEqual([]);
  }, 60_000);
});
