import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { isAlive } from '../../../../dev/environment/processes/process-identity.ts';
import { createServerGroup } from '../../../../dev/environment/processes/server-group.ts';
import type { ServerSpec } from '../../../../dev/environment/processes/server-spec.ts';
import { useTemporaryFolders } from '../../../helpers/temporary-folders.ts';

const temporaryFolder = useTemporaryFolders();

let folder: string;
beforeEach(async () => {
  folder = await temporaryFolder();
});

function createGroup(signal = new AbortController().signal, onChange = () => undefined) {
  return createServerGroup({ folder, logsFolder: folder, mark: 'test', report: () => undefined, signal, onChange });
}

/** A shell script as a server; ready when it has written "ready" to its log. */
function script(body: string, more: Partial<ServerSpec> = {}): ServerSpec {
  return {
    name: 'server',
    command: 'sh',
    args: ['-c', body],
    isReady: async () => (await readFile(join(folder, 'server.log'), 'utf8')).includes('ready'),
    readyTimeoutSeconds: 5,
    ...more,
  };
}

const serving = 'echo ready; exec sleep 60';

describe('a server', () => {
  it('counts as started when it is ready, and is gone when it was killed', async () => {
    const group = createGroup();
    await group.start(script(`sleep 0.2; ${serving}`));
    const [server] = group.running();
    expect(server?.name).toBe('server');
    await group.kill('server', 'SIGKILL');
    expect(isAlive(server!)).toBe(false);
    expect(group.running()).toEqual([]);
  });

  it('that ends before it is ready is reported with its code, the end of its log and the log’s path', async () => {
    const started = createGroup().start(script('seq 1 50; echo "bind: address in use" >&2; exit 7'));
    await expect(started).rejects.toThrow(
      /server ended with code 7\. Its log, .*server\.log, ends with:\n32\n[\s\S]*bind: address in use$/,
    );
  });

  it('that never becomes ready is reported with its log', async () => {
    const group = createGroup();
    const started = group.start(script('echo waiting for godot; exec sleep 60', { readyTimeoutSeconds: 0.3 }));
    await expect(started).rejects.toThrow(/not ready after 0\.3 s[\s\S]*waiting for godot/);
    await group.kill('server', 'SIGKILL');
  });

  it('that does not exist is reported', async () => {
    const started = createGroup().start(script('', { command: '/nowhere/program' }));
    await expect(started).rejects.toThrow(/server could not be started.*ENOENT/);
  });

  it('starts again as it was started first, and only when it does not run', async () => {
    const group = createGroup();
    await group.start(script(serving));
    const first = group.pidOf('server');
    await group.startAgain('server');
    expect(group.pidOf('server')).toBe(first);
    await group.kill('server', 'SIGKILL');
    await group.startAgain('server');
    expect(group.pidOf('server')).not.toBe(first);
    await group.kill('server', 'SIGKILL');
  });

  it('is refused by name when it does not run', async () => {
    await expect(createGroup().kill('etcd', 'SIGKILL')).rejects.toThrow('etcd does not run');
    await expect(createGroup().startAgain('etcd')).rejects.toThrow('etcd was never started');
  });

  it('does not see the person’s variables', async () => {
    process.env['TEMPORAL_ADDRESS'] = 'elsewhere:7233';
    const group = createGroup();
    await group.start(script(`env; ${serving}`));
    delete process.env['TEMPORAL_ADDRESS'];
    const log = await readFile(join(folder, 'server.log'), 'utf8');
    expect(log).toContain('PODKEEPER_DEV_MARK=test');
    expect(log).toContain(`HOME=${folder}`);
    expect(log).not.toContain('elsewhere');
    await group.kill('server', 'SIGKILL');
  });

  it('is not waited for any longer when everything is to stop', async () => {
    const stopping = new AbortController();
    const group = createGroup(stopping.signal);
    const started = group.start(script('exec sleep 60'));
    stopping.abort(new Error('stopping'));
    await expect(started).rejects.toThrow('stopping');
    await group.kill('server', 'SIGKILL');
  });

  it('that starts or ends is told', async () => {
    let changes = 0;
    const group = createGroup(undefined, () => void (changes += 1));
    await group.start(script(serving));
    expect(changes).toBe(1);
    await group.kill('server', 'SIGTERM');
    expect(changes).toBe(2);
  });
});
