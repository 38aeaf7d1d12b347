import { join } from 'node:path';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { toolCacheFolder } from '../../../../dev/tools/cache-folder.ts';
import { toolFacts } from '../../../../dev/tools/catalog.ts';
import { findTool } from '../../../../dev/tools/find-tool.ts';
import type { ToolName } from '../../../../dev/tools/tool.ts';
import { useTemporaryFolders } from '../../../helpers/temporary-folders.ts';
import { writeScript } from './fake-tools.ts';

const temporaryFolder = useTemporaryFolders();

let home: string;
let lines: string[];

beforeEach(async () => {
  home = await temporaryFolder();
  lines = [];
});

const find = (name: ToolName, env: NodeJS.ProcessEnv) =>
  findTool({ name, env: { HOME: home, ...env }, report: (line) => lines.push(line) });

async function everywhere(name: ToolName, version: string) {
  const cache = toolCacheFolder(toolFacts[name].module!, { HOME: home });
  await writeScript(join(home, 'tools', name), 'exit 1');
  await writeScript(join(home, 'assets', name), 'exit 1');
  await writeScript(join(home, 'path', name), `echo "${name} version ${version}"`);
  await writeScript(join(cache, name), 'exit 1');
  return {
    cache,
    env: {
      PODKEEPER_TOOLS_DIR: join(home, 'tools'),
      KUBEBUILDER_ASSETS: join(home, 'assets'),
      PATH: `${join(home, 'path')}:/usr/bin:/bin`,
    },
  };
}

describe('a tool is looked for', () => {
  it('first in PODKEEPER_TOOLS_DIR, without asking its version', async () => {
    const { env } = await everywhere('etcd', '3.6.1');
    expect(await find('etcd', env)).toBe(join(home, 'tools', 'etcd'));
  });

  it('then in KUBEBUILDER_ASSETS', async () => {
    const { env } = await everywhere('etcd', '3.6.1');
    expect(await find('etcd', { ...env, PODKEEPER_TOOLS_DIR: undefined })).toBe(join(home, 'assets', 'etcd'));
  });

  it('in KUBEBUILDER_ASSETS only when it is one of the three programs that belong there', async () => {
    const { env } = await everywhere('kubelet', '1.35.2');
    const path = await find('kubelet', { ...env, PODKEEPER_TOOLS_DIR: undefined });
    expect(path).toBe(join(home, 'path', 'kubelet'));
  });

  it('then in PATH, when its version is in range', async () => {
    const { env } = await everywhere('etcd', '3.6.1');
    expect(await find('etcd', { PATH: env.PATH })).toBe(join(home, 'path', 'etcd'));
    expect(lines).toEqual([]);
  });

  it('then in the cache, when the one in PATH is out of range, and the reason is said', async () => {
    const { env, cache } = await everywhere('etcd', '3.4.23');
    expect(await find('etcd', { PATH: env.PATH })).toBe(join(cache, 'etcd'));
    expect(lines).toEqual([
      `${join(home, 'path', 'etcd')} is not used: it is 3.4.23, wanted is 3.6.0 or newer, below 3.7.0`,
    ]);
  });

  it('in the cache, when the one in PATH does not even run', async () => {
    const { env, cache } = await everywhere('etcd', '3.6.1');
    await writeScript(join(home, 'path', 'etcd'), 'exit 3');
    expect(await find('etcd', { PATH: env.PATH })).toBe(join(cache, 'etcd'));
  });

  it('past a folder that does not hold it', async () => {
    const { env, cache } = await everywhere('etcd', '2.0.0');
    const elsewhere = { PODKEEPER_TOOLS_DIR: join(home, 'nothing'), KUBEBUILDER_ASSETS: '', PATH: env.PATH };
    expect(await find('etcd', elsewhere)).toBe(join(cache, 'etcd'));
  });

  it('in vain when it is nowhere', async () => {
    expect(await find('kwok', { PATH: join(home, 'path') })).toBeNull();
  });
});
