import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, jest } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import { searchAttributes } from '../../../domain/search-attributes.ts';
import { isAlive } from '../../../dev/environment/processes/process-identity.ts';
import { readState } from '../../../dev/environment/state.ts';
import type { TestEnvironment } from '../../helpers/environment.ts';
import { sharedEnvironment, withEnvironment } from '../../helpers/environment.ts';
import { useTemporaryFolders } from '../../helpers/temporary-folders.ts';

const temporaryFolder = useTemporaryFolders();
jest.setTimeout(60_000);

async function withClient<T>(environment: TestEnvironment, use: (client: Client) => Promise<T>): Promise<T> {
  const connection = await Connection.connect({ address: environment.temporalAddress(), connectTimeout: '2s' });
  try {
    return await use(new Client({ connection }));
  } finally {
    await connection.close();
  }
}

const pidOf = async ({ statePath }: TestEnvironment, name: string) =>
  (await readState(statePath))!.pids.find((process) => process.name === name);

describe('Temporal of the local environment', () => {
  it('knows every search attribute of the project', async () => {
    const environment = await sharedEnvironment();
    const { customAttributes } = await withClient(environment, ({ connection }) =>
      connection.operatorService.listSearchAttributes({ namespace: environment.state.temporal!.namespace }),
    );
    const names = Object.values(searchAttributes).map(({ name }) => name);
    expect(Object.keys(customAttributes)).toEqual(expect.arrayContaining(names));
  });

  it('with a database file keeps its runs when it is killed and started again on the same port', async () => {
    const temporalDatabase = join(await temporaryFolder(), 'temporal.db');
    await withEnvironment({ temporalDatabase, redis: false, kubernetes: 'none' }, async (environment) => {
      const workflowId = 'kept';
      await withClient(environment, (client) =>
        client.workflow.start('none', { workflowId, taskQueue: 'none', args: [] }),
      );
      await environment.kill('temporal');
      await expect(withClient(environment, () => Promise.resolve())).rejects.toThrow();
      await environment.start('temporal');
      const { status } = await withClient(environment, (client) => client.workflow.getHandle(workflowId).describe());
      expect(status.name).toBe('RUNNING');
    });
  });
});

describe('a server of the local environment', () => {
  it('can be killed and started again alone, and the state file follows', async () => {
    await withEnvironment({ temporal: false, kubernetes: 'none' }, async (environment) => {
      const before = await pidOf(environment, 'redis-server');
      await environment.kill('redis-server');
      expect(isAlive(before!)).toBe(false);
      await environment.start('redis-server');
      const after = await pidOf(environment, 'redis-server');
      expect(after?.pid).not.toBe(before?.pid);
      expect(isAlive(after!)).toBe(true);
    });
  });

  it('is Redis: killed and started again it has its data but for the last second', async () => {
    await withEnvironment({ temporal: false, kubernetes: 'none' }, async (environment) => {
      const { hostname: host, port } = new URL(environment.redisUrl());
      const say = (...commands: readonly string[]) => redisSays({ host, port: Number(port), commands });
      expect(await say('SET kept yes')).toContain('+OK');
      await sleep(2000);
      await environment.restart('redis-server');
      expect(await say('GET kept')).toContain('yes');
      expect(await say('INFO memory')).toContain('maxmemory_policy:noeviction');
    });
  });

  it('is refused with the names that exist when it is none', async () => {
    await withEnvironment({ temporal: false, kubernetes: 'none' }, async (environment) => {
      await expect(environment.kill('postgres')).rejects.toThrow('postgres does not run. Running: redis-server');
    });
  });
});

/** What Redis answers to inline commands. https://redis.io/docs/latest/develop/reference/protocol-spec/#inline-commands */
function redisSays(input: { readonly host: string; readonly port: number; readonly commands: readonly string[] }) {
  return new Promise<string>((resolve, reject) => {
    let said = '';
    const socket = connect(input.port, input.host, () => socket.write([...input.commands, 'QUIT', ''].join('\r\n')));
    socket.on('data', (data) => (said += data.toString()));
    socket.on('end', () => resolve(said));
    socket.on('error', reject);
  });
}
