import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFileKeys } from '../../../../platform/auth/keys/file-keys.ts';
import { createTokenVerifier } from '../../../../platform/auth/token-verifier.ts';
import { createProviderKey, type ProviderKey } from '../../../helpers/http/key-server.ts';
import { captureLog, type LogCapture } from '../../../helpers/log-capture.ts';

describe('keys from a file', () => {
  let folder: string;
  let path: string;
  let log: LogCapture;
  let first: ProviderKey;
  let second: ProviderKey;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'podkeeper-keys-'));
    path = join(folder, 'keys.json');
    log = captureLog();
    [first, second] = await Promise.all([createProviderKey('first'), createProviderKey('second')]);
  });
  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  const content = (...keys: ProviderKey[]) => JSON.stringify({ keys: keys.map(({ publicKey }) => publicKey) });
  const open = async () => {
    const keys = await createFileKeys({ path, logger: log.logger, lookEveryMs: 0 });
    const verify = createTokenVerifier({ secrets: [], keys, issuer: 'podkeeper', audience: 'podkeeper' });
    return async (key: ProviderKey) =>
      verify(await key.sign()).then(
        () => true,
        () => false,
      );
  };

  it('are read again when the file changes', async () => {
    await writeFile(path, content(first));
    const accepts = await open();
    expect([await accepts(first), await accepts(second)]).toEqual([true, false]);
    await writeFile(path, content(first, second));
    expect([await accepts(first), await accepts(second)]).toEqual([true, true]);
    await writeFile(path, content(second));
    expect([await accepts(first), await accepts(second)]).toEqual([false, true]);
  });

  it('are read again when the file is swapped by its link, as a mounted ConfigMap is', async () => {
    await writeFile(join(folder, 'a'), content(first));
    await writeFile(join(folder, 'b'), content(second));
    await symlink('a', path);
    const accepts = await open();
    expect(await accepts(second)).toBe(false);
    await symlink('b', join(folder, 'next'));
    await rename(join(folder, 'next'), path);
    expect([await accepts(first), await accepts(second)]).toEqual([false, true]);
  });

  it('stay in force when the new content is faulty or the file is gone, and the log says so', async () => {
    await writeFile(path, content(first));
    const accepts = await open();
    await writeFile(path, '{"keys": [');
    expect(await accepts(first)).toBe(true);
    expect(log.text()).toContain('the ones before stay in force');
    await rm(path);
    expect(await accepts(first)).toBe(true);
    await writeFile(path, content(second));
    expect(await accepts(second)).toBe(true);
  });

  it('must be there and hold a public key at the start', async () => {
    await expect(open()).rejects.toThrow('ENOENT');
    await writeFile(path, '{"keys":[{"kty":"oct","k":"c2VjcmV0"}]}');
    await expect(open()).rejects.toThrow('no public key');
  });
});
