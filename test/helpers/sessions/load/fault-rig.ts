import type { TestEnvironment } from '../../environment.ts';
import type { SessionClient } from '../rig/client/session-client.ts';
import type { SessionRigOptions } from '../rig/rig-options.ts';
import { type SessionRig, startSessionRig } from '../rig/session-rig.ts';
import { until } from '../rig/until.ts';
import { type LoadBalancer, startLoadBalancer } from './load-balancer.ts';
import { describeAnswer, describeError, type LoadFailure, type SessionLoad, startLoad } from './session-load.ts';

export const idleTimeoutSeconds = 8;
/** Sessions there may be at once. */
export const limit = 16;
const requestsPerSecond = 20;
const recoverySeconds = 60;

/** A rig with ten sessions under a steady load on simulated nodes, which tests do harm to. */
export interface FaultRig {
  readonly rig: SessionRig;
  /** Of the load; others' sessions have other ids. */
  readonly ids: readonly string[];
  readonly client: SessionClient;
  readonly load: SessionLoad;
  readonly balancer: LoadBalancer;
  /** Makes a session that nobody asks for after that, as patiently as clients are; returns the uid of its pod. */
  readonly begin: (id: string) => Promise<string>;
  /** One request: `200` and the pod, or `503 starting retryable`, or what the connection failed with. */
  readonly ask: (id: string, gateway?: number) => Promise<{ readonly what: string; readonly pod: string | undefined }>;
  /** Ids of sessions whose pod was removed or has ended. */
  readonly ended: () => readonly string[];
  /**
   * Waits until each session of the load is answered through each gateway, then checks that nothing fails any more. Returns the
   * failures that the load met since the last call.
   */
  readonly recovered: () => Promise<readonly LoadFailure[]>;
  readonly close: () => Promise<void>;
}

export async function startFaultRig(
  environment: TestEnvironment,
  options: Pick<SessionRigOptions, 'ownRedis' | 'workers' | 'env'> = {},
): Promise<FaultRig> {
  const rig = await startSessionRig(environment, {
    node: 'simulated',
    class: { idleTimeoutSeconds, maxLifetimeSeconds: 3600 },
    ...options,
    env: { MAX_CONCURRENT_SESSIONS: String(limit), ...options.env },
  });
  const balancer = startLoadBalancer(rig.gateways);
  let load: SessionLoad | undefined;
  const close = async () => {
    await load?.stop();
    await balancer.close();
    await rig.close();
  };
  const [client, loadClient] = await Promise.all([rig.client({ owner: 'alice' }), rig.client({ owner: 'alice' })]);
  const ids = Array.from({ length: 10 }, (_, number) => `busy-${number}`);

  const ask: FaultRig['ask'] = (id, gateway = balancer.next()) =>
    client.execute(id, {}, { gateway }).then(
      (answer) => ({
        what: answer.status === 200 ? '200' : describeAnswer(answer),
        pod: answer.row.pod?.podUid ?? undefined,
      }),
      (error: unknown) => ({ what: describeError(error), pod: undefined }),
    );
  const served = async (id: string, gateway?: number) =>
    await until(() => ask(id, gateway), { seconds: recoverySeconds, when: ({ what }) => what === '200' });

  try {
    await Promise.all(ids.map((id) => served(id)));
    const running = startLoad({ client: loadClient, ids, requestsPerSecond, nextGateway: balancer.next });
    load = running;
    return {
      ...{ rig, ids, client, load: running, balancer, ask, close },
      begin: async (id) => (await served(id)).pod ?? '',
      ended: () => {
        const over = rig.witness
          .changes()
          .filter(({ type, deletedMs, phase }) => type === 'DELETED' || deletedMs !== null || phase === 'Failed');
        return [...new Set(over.map(({ sessionId }) => sessionId))];
      },
      recovered: async () => {
        await Promise.all(ids.flatMap((id) => rig.gateways.map((_, gateway) => served(id, gateway))));
        await running.round();
        const during = running.takeFailures();
        await running.round();
        const after = running.takeFailures();
        if (after.length > 0) throw new Error(`Requests fail after the recovery: ${JSON.stringify(after)}`);
        return during;
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}
