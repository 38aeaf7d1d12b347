import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { type Lockfile, missingPlatforms } from '../../../../dev/lockfile/complete.ts';

describe('the lockfile', () => {
  it('has every platform of every package, so that npm ci accepts it ("npm run lockfile" adds what is missing)', async () => {
    const lockfile = JSON.parse(await readFile('package-lock.json', 'utf8')) as Lockfile;
    expect(Object.keys(missingPlatforms(lockfile))).toEqual([]);
  });

  it('names no registry', async () => {
    expect(await readFile('package-lock.json', 'utf8')).not.toMatch(/"resolved"/);
  });

  it('is completed with the platform its name tells', () => {
    const parent = {
      dev: true,
      optionalDependencies: { 'x-darwin-arm64': '1.2.3', 'x-linux-x64': '1.2.3', any: '^1.0.0' },
    };
    const packages = { '': {}, 'node_modules/x': parent, 'node_modules/x-linux-x64': { version: '1.2.3' } };
    expect(missingPlatforms({ packages })).toEqual({
      'node_modules/x-darwin-arm64': {
        version: '1.2.3',
        cpu: ['arm64'],
        dev: true,
        license: 'MIT',
        optional: true,
        os: ['darwin'],
      },
    });
  });
});
