import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { environmentFolder } from '../../../../dev/environment/folders.ts';
import { entriesToKeep } from '../../../../dev/environment/node/private-mounts.ts';
import { cgroupName, createEnvironmentId, hostLinkName } from '../../../../dev/environment/plan.ts';
import { shellExports } from '../../../../dev/environment/shell-exports.ts';
import { createStateWriter } from '../../../../dev/environment/supervisor/state-writer.ts';
import type { EnvironmentState } from '../../../../dev/environment/state.ts';
import { readState } from '../../../../dev/environment/state.ts';
import { runCommand } from '../../../../dev/shared/run-command.ts';
import { writeAtomically } from '../../../../dev/shared/write-atomically.ts';
import { useTemporaryFolders } from '../../../helpers/temporary-folders.ts';

const temporaryFolder = useTemporaryFolders();

let folder: string;
beforeEach(async () => {
  folder = await temporaryFolder();
});

const state: EnvironmentState = {
  version: 1,
  pids: [],
  temporal: { address: '127.0.0.1:7233', uiUrl: 'http://127.0.0.1:8233', namespace: 'default' },
  kubeconfig: "/tmp/it's here/kubeconfig",
  redisUrl: 'redis://127.0.0.1:6379',
  standIn: { port: 20_001, log: '/tmp/stand-in.log' },
  node: 'real',
  reason: null,
};

describe('the state file', () => {
  it('is never seen half written', async () => {
    const path = join(folder, 'state.json');
    const long = (fill: string) => fill.repeat(2_000_000);
    await writeAtomically(path, long('a'));
    const writing = (async () => {
      for (let round = 0; round < 20; round++) await writeAtomically(path, long(round % 2 === 0 ? 'b' : 'a'));
    })();
    for (let round = 0; round < 40; round++) {
      const seen = await readFile(path, 'utf8');
      expect(seen.length).toBe(2_000_000);
      expect(new Set([seen[0], seen[1_000_000], seen.at(-1)]).size).toBe(1);
    }
    await writing;
    expect(await readdir(folder)).toEqual(['state.json']);
  });

  it('names the running processes at each change, and coordinates once all serve', async () => {
    const path = join(folder, 'state.json');
    let processes = [{ name: 'etcd', pid: 1, startTime: 10 }];
    const writer = createStateWriter(path, () => processes);
    writer.touch();
    processes = [...processes, { name: 'redis-server', pid: 2, startTime: 20 }];
    writer.touch();
    const { version: _version, pids: _pids, ...coordinates } = state;
    await writer.complete(coordinates);
    expect(await readState(path)).toEqual({ ...state, pids: processes });
  });

  it('is not written any more after it was closed', async () => {
    const path = join(folder, 'state.json');
    const writer = createStateWriter(path, () => []);
    await writer.close();
    writer.touch();
    await writer.close();
    expect(await readState(path)).toBeNull();
  });

  it('of another version is refused', async () => {
    await writeFile(join(folder, 'state.json'), '{"version":2}');
    await expect(readState(join(folder, 'state.json'))).rejects.toThrow('version 2');
  });
});

describe('names', () => {
  it.each(['Default', '-a', 'a/b', '..', '', 'a'.repeat(32)])('refuse "%s" for an environment', (name) => {
    expect(() => environmentFolder(name)).toThrow('is no name');
  });

  it('of the host’s network link fit into the 15 characters Linux allows, and differ between environments', () => {
    const [one, two] = [createEnvironmentId(), createEnvironmentId()];
    expect(hostLinkName(one).length).toBeLessThanOrEqual(15);
    expect(hostLinkName(one)).not.toBe(hostLinkName(two));
    expect(cgroupName(one)).not.toBe(cgroupName(two));
  });
});

describe('folders the node covers', () => {
  it('keep visible what holds the project and the programs', () => {
    const needed = ['/var/lib/jenkins/work/podkeeper/.podkeeper/dev/a', '/var/lib/jenkins/tools/kubelet', '/root/x'];
    expect(entriesToKeep(needed)).toEqual(['/var/lib/jenkins']);
    expect(entriesToKeep(['/work/main', '/var/library/x'])).toEqual([]);
  });
});

describe('shell exports', () => {
  it('survive a shell, whatever a path is made of', async () => {
    const lines = await shellExports({ state, statePath: join(folder, 'state.json') });
    const output = await runCommand({
      command: 'sh',
      args: ['-c', `${lines.join('\n')}\nprintf '%s|' "$KUBECONFIG" "$TEMPORAL_ADDRESS" "$REDIS_HOST" "$REDIS_PORT"`],
    });
    expect(output).toBe("/tmp/it's here/kubeconfig|127.0.0.1:7233|127.0.0.1|6379|");
  });

  it('leave out what is not there', async () => {
    const without = { ...state, temporal: null, redisUrl: null };
    const lines = await shellExports({ state: without, statePath: join(folder, 'state.json') });
    expect(lines.map((line) => line.split('=')[0])).toEqual(['export PODKEEPER_DEV_STATE', 'export KUBECONFIG']);
  });
});
