import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { toolCacheFolder, toolCacheRoot } from '../../../../dev/tools/cache-folder.ts';
import { toolFacts } from '../../../../dev/tools/catalog.ts';
import { resolveTools } from '../../../../dev/tools/resolve-tools.ts';
import type { ToolName } from '../../../../dev/tools/tool.ts';
import { useTemporaryFolders } from '../../../helpers/temporary-folders.ts';
import { writeFakeGo } from './fake-tools.ts';

const temporaryFolder = useTemporaryFolders();

let home: string;
let lines: string[];

beforeEach(async () => {
  home = await temporaryFolder();
  lines = [];
});

function resolve(names: readonly ToolName[], signal?: AbortSignal) {
  const env = { HOME: home, PATH: `${join(home, 'bin')}:/usr/bin:/bin` };
  return resolveTools({ names, env, report: (line) => lines.push(line), ...(signal && { signal }) });
}

const kubernetesFolder = () => toolCacheFolder(toolFacts.kubelet.module!, { HOME: home });
const cached = () => readdir(toolCacheRoot({ HOME: home }));

describe('tools that are nowhere', () => {
  it('are built, those of one module together, and found in the cache the next time', async () => {
    await writeFakeGo(join(home, 'bin'));
    const paths = await resolve(['kube-apiserver', 'kubelet']);
    expect(paths).toEqual({
      'kube-apiserver': join(kubernetesFolder(), 'kube-apiserver'),
      kubelet: join(kubernetesFolder(), 'kubelet'),
    });
    expect(await resolve(['kubelet'])).toEqual({ kubelet: join(kubernetesFolder(), 'kubelet') });
    expect(await readFile(join(home, 'builds'), 'utf8')).toBe('build\n');
  });

  it('are announced with what is built, how long it takes and where it is kept', async () => {
    await writeFakeGo(join(home, 'bin'));
    await resolve(['etcd']);
    expect(lines[0]).toContain('etcd 3.6.14');
    expect(lines[0]).toMatch(/About \d+ minutes/);
    expect(lines[0]).toContain(toolCacheRoot({ HOME: home }));
    expect(lines.at(-1)).toMatch(/etcd 3\.6\.14 built in \d+ s/);
  });

  it('are built once when two want them at the same time', async () => {
    await writeFakeGo(join(home, 'bin'));
    const [first, second] = await Promise.all([resolve(['etcd']), resolve(['etcd'])]);
    expect(first).toEqual(second);
    expect(await readFile(join(home, 'builds'), 'utf8')).toBe('build\n');
    expect(lines).toContain('another process is building etcd; waiting for it');
  });

  it('leave nothing behind when the build fails, and the end of what the compiler said is shown', async () => {
    await writeFakeGo(join(home, 'bin'), {
      build: 'touch "$GOTMPDIR/scratch" "$(dirname "$out")/half"; seq 1 100; echo "undefined: thing" >&2; exit 1',
    });
    await expect(resolve(['etcd'])).rejects.toThrow(/etcd 3\.6\.14 .*failed[\s\S]*99\n100\nundefined: thing/);
    expect(await cached()).toEqual([]);
  });

  it('are built after all once the failure is mended', async () => {
    await writeFakeGo(join(home, 'bin'), { build: 'exit 1' });
    await expect(resolve(['etcd'])).rejects.toThrow('failed');
    await writeFakeGo(join(home, 'bin'));
    expect(Object.keys(await resolve(['etcd']))).toEqual(['etcd']);
  });

  it('leave nothing behind when the person gives up', async () => {
    await writeFakeGo(join(home, 'bin'), { build: 'touch "$HOME/begun"; exec sleep 30' });
    const interrupted = new AbortController();
    const building = resolve(['etcd'], interrupted.signal);
    setTimeout(() => interrupted.abort(), 500);
    await expect(building).rejects.toThrow();
    expect(await cached()).toEqual([]);
  });

  it('are built in place of what a killed process left', async () => {
    await writeFakeGo(join(home, 'bin'));
    const folder = toolCacheFolder(toolFacts.etcd.module!, { HOME: home });
    await mkdir(join(`${folder}.partial`, 'out'), { recursive: true });
    await writeFile(join(`${folder}.partial`, 'out', 'stray'), '');
    const { etcd } = await resolve(['etcd']);
    expect(await readdir(dirname(etcd!))).toEqual(['etcd']);
    expect(await cached()).toEqual([folder.split('/').at(-1)]);
  });

  it('need Go 1.26, and an older one is refused with its version', async () => {
    await writeFakeGo(join(home, 'bin'), { version: '1.22.12' });
    await expect(resolve(['etcd'])).rejects.toThrow(/Go 1\.22\.12 at .* is too old.*Go 1\.26 or newer/);
  });

  it('name the Debian package when they are not built but installed', async () => {
    const empty = { HOME: home, PATH: join(home, 'nothing') };
    const missing = resolveTools({ names: ['redis-server'], env: empty, report: () => undefined });
    await expect(missing).rejects.toThrow('redis-server is missing. Install the Debian package redis-server');
  });
});
