import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { V1Namespace } from '@kubernetes/client-node';
import { createComparePodsWithRuns } from '../../../activities/sessions/sweep/compare-pods-with-runs.ts';
import { sessionAnnotations, sessionLabels, sessionPodName } from '../../../domain/sessions/identity/session-names.ts';
import type { SessionClass } from '../../../domain/sessions/session-class.ts';
import type { SweepResult } from '../../../domain/sessions/sweep/sweep-result.ts';
import { taskQueues } from '../../../domain/task-queues.ts';
import { sessionStatusQuery, type SessionInput } from '../../../workflows/session.messages.ts';
import { sweepSessionsType } from '../../../workflows/sweep-sessions.messages.ts';
import { sharedEnvironment } from '../../helpers/environment.ts';
import { valueOf } from '../../helpers/sessions/session-redis.ts';
import {
  ensureReady,
  freshSession,
  readyAnswer,
  sessionRun,
  untilSession,
} from '../../helpers/sessions/session-runs.ts';
import { startWorkflowServers, type WorkflowServers } from '../../helpers/workflows/workflow-servers.ts';
import { coreApi } from '../dev/pods.ts';
import { createSessionRig, plainClass, type SessionRig } from './session-rig.ts';

jest.setTimeout(120_000);

const environment = await sharedEnvironment();
// Simulated nodes run nothing; CI does not let a skipped test pass.
const onRealNode = environment.state.node === 'real' ? it : it.skip;
if (environment.state.node !== 'real') console.error(`No tests of sweeps: ${environment.state.reason ?? 'asked so'}`);

const namespace = `sweep-${randomBytes(4).toString('hex')}`;
const sessionClass: SessionClass = { ...plainClass, name: 'default', busyPath: null };
/** All pods count as older than 120 s. */
const later = () => Date.now() + 200_000;

describe('a sweep, on a real cluster', () => {
  let rig: SessionRig;
  let servers: WorkflowServers;
  beforeAll(async () => {
    const body: unknown = { metadata: { name: namespace } };
    await coreApi(environment.kubeconfig()).createNamespace({ body: body as V1Namespace });
    [rig, servers] = await Promise.all([createSessionRig(environment), startWorkflowServers()]);
    const { cluster, activities, pods, admission, signingKeys, metrics, logger } = rig;
    const comparePodsWithRuns = createComparePodsWithRuns({
      cluster,
      client: servers.client,
      pods,
      namespaces: [namespace],
      classes: new Map([['default', sessionClass]]),
      podCreationTimeoutSeconds: 60,
      signingKeys,
      admission,
      metrics,
      logger,
      now: later,
    });
    await servers.startSessionWorker({ ...activities, comparePodsWithRuns });
  });
  afterAll(async () => {
    await servers.close();
    await rig.close();
    await coreApi(environment.kubeconfig()).deleteNamespace({ name: namespace });
  });

  const begin = (parts: Partial<SessionInput> = {}) => {
    const input = freshSession({
      cluster: rig.cluster,
      class: sessionClass,
      namespace,
      namespaces: [namespace],
      podCreationTimeoutSeconds: 60,
      ...parts,
    });
    return { input, handle: sessionRun(servers, input), ask: () => ensureReady(servers, input) };
  };
  const untilReady = async (ask: ReturnType<typeof begin>['ask']) => {
    for (;;) {
      const answer = await ask();
      if (answer.state === 'ready') return readyAnswer(answer);
    }
  };
  const sweep = async (): Promise<SweepResult> =>
    (await servers.client.workflow.execute(sweepSessionsType, {
      workflowId: `sweep-${randomBytes(4).toString('hex')}`,
      taskQueue: taskQueues.sessions,
      args: [{ cluster: rig.cluster }],
    })) as SweepResult;
  /** Lists of runs lag. */
  const sweepUntil = async (condition: (result: SweepResult) => boolean): Promise<SweepResult> => {
    for (;;) {
      const result = await sweep();
      if (condition(result)) return result;
      await sleep(500);
    }
  };

  onRealNode(
    'what a person terminated in the Temporal UI is taken over with its pod, and ends as any other',
    async () => {
      const { input, handle, ask } = begin({
        tenant: 'acme',
        ownerHash: 'owner-1',
        class: { ...sessionClass, name: 'retired' },
      });
      const first = await untilReady(ask);
      await handle.terminate('by hand');
      expect(await sweepUntil(({ adopted }) => adopted > 0)).toMatchObject({ adopted: 1, deleted: 0, problems: 0 });
      const status = await untilSession(handle, ({ phase }) => phase === 'Ready');
      expect(status).toMatchObject({ incarnation: first.incarnation, class: 'retired', sessionId: input.sessionId });
      expect(status.pod?.uid).toBe(first.podUid);
      const described = await handle.describe();
      expect(described.memo).toMatchObject({ sessionId: input.sessionId, class: 'retired' });
      // The class is not configured any more: it goes on with the values of the class default.
      expect(rig.logged()).toContain('the class of a session is not configured');
      expect(rig.logged()).not.toContain(input.key);
      await handle.cancel();
      await handle.result().catch(() => undefined);
      expect(await rig.pods.get({ namespace, name: first.podName })).toBeNull();
    },
  );

  onRealNode('a run whose pod somebody deleted is told, and makes the next one', async () => {
    const { handle, ask } = begin();
    const first = await untilReady(ask);
    await rig.pods.delete({ namespace, name: first.podName, uid: first.podUid, graceSeconds: 0 });
    expect(await sweepUntil(({ podGone }) => podGone > 0)).toMatchObject({ podGone: 1, adopted: 0 });
    const status = await untilSession(handle, ({ phase, heals }) => phase === 'Ready' && heals === 1);
    expect(status.incarnation).toBeGreaterThan(first.incarnation);
    expect(await sweep()).toMatchObject({ podGone: 0, adopted: 0, deleted: 0, problems: 0 });
    await handle.cancel();
    await handle.result().catch(() => undefined);
  });

  onRealNode('a pod that nobody of us made is deleted, one of an unknown key is left alone', async () => {
    const forge = async (owner: string): Promise<string> => {
      const { key } = freshSession();
      const name = sessionPodName(key, 7);
      const labels = { [sessionLabels.session]: key, [sessionLabels.incarnation]: '7' };
      const metadata = { name, labels, annotations: { [sessionAnnotations.owner]: owner } };
      const spec = {
        schedulingGates: [{ name: 'test/never' }],
        containers: [{ name: 'main', image: 'local.test/none:1' }],
      };
      await rig.pods.create({ namespace, name, pod: { apiVersion: 'v1', kind: 'Pod', metadata, spec } });
      return name;
    };
    const [forged, unknown] = [await forge('k1.forged'), await forge('k9.somebody')];
    expect(await sweep()).toMatchObject({ deleted: 1, unknownKey: 1, adopted: 0 });
    expect(await rig.pods.get({ namespace, name: forged })).toBeNull();
    const kept = await rig.pods.get({ namespace, name: unknown });
    expect(kept?.metadata?.deletionTimestamp).toBeUndefined();
    await rig.pods.delete({ namespace, name: unknown, uid: kept?.metadata?.uid ?? '' });
  });

  onRealNode('the place of a run that is no more, and has no pod, is given back', async () => {
    const { input, handle, ask } = begin();
    const first = await untilReady(ask);
    await handle.terminate('by hand');
    await rig.pods.delete({ namespace, name: first.podName, uid: first.podUid, graceSeconds: 0 });
    const held = async () => (await valueOf(rig.admission.confirmed())).some(({ key }) => key === input.key);
    expect(await held()).toBe(true);
    expect(await sweepUntil(({ slotsFreed }) => slotsFreed > 0)).toMatchObject({ slotsFreed: 1, adopted: 0 });
    expect(await held()).toBe(false);
    await expect(handle.query(sessionStatusQuery)).resolves.toMatchObject({ phase: 'Ready' });
  });
});
