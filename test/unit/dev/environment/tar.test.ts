import { readFile, readlink, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { createOciImage } from '../../../../dev/environment/node/image/oci-image.ts';
import type { TarEntry } from '../../../../dev/environment/node/image/tar.ts';
import { writeTar } from '../../../../dev/environment/node/image/tar.ts';
import { runCommand } from '../../../../dev/shared/run-command.ts';
import { useTemporaryFolders } from '../../../helpers/temporary-folders.ts';

const temporaryFolder = useTemporaryFolders();

/** Unpacks with the system's tar, which is the judge. */
async function unpack(archive: Buffer): Promise<string> {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'archive.tar'), archive);
  await runCommand({ command: 'tar', args: ['-xf', 'archive.tar'], cwd: folder });
  return folder;
}

const file = (path: string, content: string): TarEntry => ({
  type: 'file',
  path,
  content: Buffer.from(content),
  mode: 0o640,
});

describe('a tar archive', () => {
  it('gives back files, folders, links and modes', async () => {
    const folder = await unpack(
      writeTar([
        { type: 'folder', path: 'bin', mode: 0o755 },
        file('bin/tool', 'content'),
        { type: 'link', path: 'bin/alias', target: 'tool' },
      ]),
    );
    expect(await readFile(join(folder, 'bin/tool'), 'utf8')).toBe('content');
    expect(await readlink(join(folder, 'bin/alias'))).toBe('tool');
    expect((await stat(join(folder, 'bin/tool'))).mode & 0o777).toBe(0o640);
  });

  it.each([0, 1, 511, 512, 513])('keeps a file of %d bytes and the one after it', async (size) => {
    const folder = await unpack(writeTar([file('first', 'x'.repeat(size)), file('second', 'after')]));
    expect((await stat(join(folder, 'first'))).size).toBe(size);
    expect(await readFile(join(folder, 'second'), 'utf8')).toBe('after');
  });

  it('refuses a path that the format cannot hold', () => {
    expect(() => writeTar([file('a'.repeat(101), '')])).toThrow('too long');
  });
});

describe('an OCI image', () => {
  it('is a layout whose index leads to a manifest, a config and a layer that are all there', async () => {
    const image = createOciImage({
      name: 'local.test/tool:1',
      architecture: 'amd64',
      command: ['/tool'],
      entries: [file('tool', 'program')],
    });
    const folder = await unpack(image);
    const read = async (path: string) => JSON.parse(await readFile(join(folder, path), 'utf8')) as never;
    const blob = ({ digest }: { digest: string }) => `blobs/${digest.replace(':', '/')}`;
    const index: { manifests: { digest: string; annotations: Record<string, string> }[] } = await read('index.json');
    expect(index.manifests[0]!.annotations['io.containerd.image.name']).toBe('local.test/tool:1');
    const manifest: { config: { digest: string }; layers: { digest: string; size: number }[] } = await read(
      blob(index.manifests[0]!),
    );
    const config: { rootfs: { diff_ids: string[] } } = await read(blob(manifest.config));
    expect(config.rootfs.diff_ids).toEqual([manifest.layers[0]!.digest]);
    const layer = await unpack(await readFile(join(folder, blob(manifest.layers[0]!))));
    expect(await readFile(join(layer, 'tool'), 'utf8')).toBe('program');
  });
});
