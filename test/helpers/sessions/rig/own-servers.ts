import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { createKubernetesApi, type KubernetesApi } from '../../../../dev/kubernetes/api.ts';
import { makeNamespace } from '../../../../dev/kubernetes/apply.ts';
import { registerSearchAttributes } from '../../../../platform/temporal/search-attributes.ts';
import type { TestEnvironment } from '../../environment.ts';
import { captureLog } from '../../log-capture.ts';
import { type RedisServer, startRedisServer } from '../../redis-server.ts';
import { createTestNamespace } from '../../temporal-namespace.ts';

/** What one rig has for itself on the servers of an environment. */
export interface OwnServers {
  readonly cluster: string;
  readonly temporal: Client;
  readonly temporalNamespace: string;
  readonly kubernetes: KubernetesApi;
  readonly namespace: string;
  readonly redisAddress: { readonly host: string; readonly port: number };
  /** Throws when the rig shares the environment's. */
  readonly redis: () => RedisServer;
}

/** Makes the namespaces, and a Redis when one is asked for. What undoes it is added to `closers`. */
export async function openOwnServers(input: {
  readonly environment: TestEnvironment;
  readonly cluster: string;
  readonly ownRedis: boolean;
  readonly closers: (() => Promise<unknown>)[];
}): Promise<OwnServers> {
  const { environment, cluster, closers } = input;
  const connection = await Connection.connect({ address: environment.temporalAddress() });
  closers.push(() => connection.close());
  const temporalNamespace = await createTestNamespace(connection);
  await registerSearchAttributes({ connection, namespace: temporalNamespace, logger: captureLog().logger });
  const temporal = new Client({ connection, namespace: temporalNamespace });

  const kubernetes = await createKubernetesApi(environment.kubeconfig());
  closers.push(() => kubernetes.close());
  await makeNamespace(kubernetes, cluster);
  closers.push(() => removeNamespace(kubernetes, cluster));

  const own = input.ownRedis ? await startOwnRedis(closers) : undefined;
  const shared = new URL(environment.state.redisUrl ?? 'redis://127.0.0.1:1');
  return {
    cluster,
    temporal,
    temporalNamespace,
    kubernetes,
    namespace: cluster,
    redisAddress: own ?? { host: shared.hostname, port: Number(shared.port) },
    redis: () => {
      if (own === undefined) throw new Error('This rig shares the Redis of its environment; ask for ownRedis.');
      return own;
    },
  };
}

async function startOwnRedis(closers: (() => Promise<unknown>)[]): Promise<RedisServer> {
  const folder = await mkdtemp(join(tmpdir(), 'podkeeper-redis-'));
  closers.push(() => rm(folder, { recursive: true, force: true }));
  const redis = await startRedisServer({ folder });
  closers.push(redis.stop);
  return redis;
}

/** At once, without the pods' grace period: nobody is there any more who would miss them. */
async function removeNamespace(kubernetes: KubernetesApi, namespace: string): Promise<void> {
  const path = `/api/v1/namespaces/${namespace}`;
  const query = { gracePeriodSeconds: '0' };
  await kubernetes.call({ method: 'DELETE', path: `${path}/pods`, query });
  await kubernetes.call({ method: 'DELETE', path });
}
