import { randomBytes } from 'node:crypto';
import { dirname } from 'node:path';
import type { Client } from '@temporalio/client';
import { environmentPaths } from '../../../../dev/environment/folders.ts';
import { markOf, readPlan } from '../../../../dev/environment/plan.ts';
import { markVariable } from '../../../../dev/environment/processes/marked-processes.ts';
import type { KubernetesApi } from '../../../../dev/kubernetes/api.ts';
import type { TestEnvironment } from '../../environment.ts';
import type { RedisServer } from '../../redis-server.ts';
import { createWitness, type Witness } from '../witness/witness.ts';
import { mintClientToken, type ClientIdentity } from './client/mint-client-token.ts';
import { createSessionClient, type SessionClient } from './client/session-client.ts';
import { createClientDispatcher } from './client/client-dispatcher.ts';
import { type OwnServers, openOwnServers } from './own-servers.ts';
import type { RigProcess } from './processes/rig-process.ts';
import { startRigProcesses } from './processes/rig-processes.ts';
import { writeRigFiles } from './rig-files.ts';
import type { SessionRigOptions } from './rig-options.ts';

/** Session workers and gateways as processes, with a Temporal namespace, a Kubernetes namespace and a cluster name of their own. */
export interface SessionRig {
  readonly cluster: string;
  /** Kubernetes namespace of the session pods. */
  readonly namespace: string;
  readonly temporal: Client;
  readonly kubernetes: KubernetesApi;
  readonly gateways: readonly RigProcess[];
  readonly workers: readonly RigProcess[];
  /** `http://127.0.0.1:<port>` of gateway number n. */
  readonly origin: (gateway: number) => string;
  /** Only with `ownRedis`. */
  readonly redis: () => RedisServer;
  readonly redisAddress: { readonly host: string; readonly port: number };
  readonly witness: Witness;
  /** An owner's client with an address of its own, at gateway 0 unless another is named. */
  readonly client: (identity: ClientIdentity & { readonly gateway?: number }) => Promise<SessionClient>;
  /** Ends all processes and removes all pods, whatever state the test left them in. */
  readonly close: () => Promise<void>;
}

/**
 * Starts everything and waits until it is ready: about 10 s, most of it workers that bundle their workflows. Throws with the end of
 * a log when a process doesn't come up; nothing is left behind then.
 */
export async function startSessionRig(environment: TestEnvironment, options: SessionRigOptions): Promise<SessionRig> {
  const cluster = `test-${randomBytes(4).toString('hex')}`;
  const closers: (() => Promise<unknown>)[] = [];
  const close = async () => {
    const failures: unknown[] = [];
    // One that fails must not keep the others from being undone.
    for (const closer of closers.splice(0).reverse()) await closer().catch((error: unknown) => failures.push(error));
    if (failures.length > 0) throw new AggregateError(failures, 'The rig could not be closed cleanly.');
  };
  try {
    const own = await openOwnServers({ environment, cluster, ownRedis: options.ownRedis === true, closers });
    const files = await writeRigFiles({ environment, options, closers });
    const witness = await createWitness({ ...own, node: options.node, standInLog: files.standIn?.log ?? null });
    closers.push(witness.close);
    const { gateways, workers, origin } = await startRigProcesses({
      gateways: options.gateways ?? 2,
      workers: options.workers ?? 1,
      logFolder: files.folder,
      env: { ...(await markOfEnvironment(environment)), ...rigEnvironment({ environment, own, files, options }) },
      closers,
    });
    await Promise.all([...gateways, ...workers].map(({ untilReady }) => untilReady()));
    let clients = 0;
    const createDispatcher = () => {
      const dispatcher = createClientDispatcher(clients++);
      closers.push(() => dispatcher.destroy());
      return dispatcher;
    };
    return {
      cluster,
      namespace: own.namespace,
      temporal: own.temporal,
      kubernetes: own.kubernetes,
      gateways,
      workers,
      origin,
      redis: own.redis,
      redisAddress: own.redisAddress,
      witness,
      client: async ({ gateway = 0, ...identity }) =>
        createSessionClient({
          origin,
          dispatcher: createDispatcher(),
          token: await mintClientToken(files.tokenSecret, identity),
          owner: `${identity.tenant ?? ''}/${identity.owner}`,
          gateway,
          table: witness.clients,
        }),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** By it `dev down` finds the processes of a rig whose test was killed. */
async function markOfEnvironment(environment: TestEnvironment): Promise<Readonly<Record<string, string>>> {
  const plan = await readPlan(environmentPaths(dirname(environment.statePath)).plan);
  return plan === null ? {} : { [markVariable]: markOf(plan.id) };
}

function rigEnvironment(input: {
  readonly environment: TestEnvironment;
  readonly own: OwnServers;
  readonly files: Awaited<ReturnType<typeof writeRigFiles>>;
  readonly options: SessionRigOptions;
}): Readonly<Record<string, string>> {
  const { environment, own, files, options } = input;
  return {
    CLUSTER_NAME: own.cluster,
    TEMPORAL_ADDRESS: environment.temporalAddress(),
    TEMPORAL_NAMESPACE: own.temporalNamespace,
    KUBECONFIG: environment.kubeconfig(),
    KUBERNETES_NAMESPACE: own.namespace,
    REDIS_HOST: own.redisAddress.host,
    REDIS_PORT: String(own.redisAddress.port),
    SESSION_CLASSES_FILE: files.classes,
    SIGNING_KEYS_FILE: files.signingKeys,
    AUTH_TOKEN_SECRET: files.tokenSecret,
    CLEANUP_INTERVAL_SECONDS: '5',
    SHUTDOWN_DELAY_SECONDS: '1',
    SHUTDOWN_GRACE_SECONDS: '10',
    SESSION_STARTS_PER_SECOND: '10000',
    SESSION_STARTS_AT_ONCE: '10000',
    ...options.env,
  };
}
