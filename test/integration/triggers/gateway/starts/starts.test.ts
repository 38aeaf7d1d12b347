import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import { sessionWorkflowId } from '../../../../../domain/sessions/identity/session-names.ts';
import { sharedEnvironment } from '../../../../helpers/environment.ts';
import { quickClass } from '../../../../helpers/sessions/session-runs.ts';
import { createSessionWorlds } from '../../../../helpers/sessions/session-world.ts';
import { startTcpProxy } from '../../../../helpers/tcp-proxy.ts';
import {
  type RunningWorker,
  startWorkflowServers,
  type WorkflowServers,
} from '../../../../helpers/workflows/workflow-servers.ts';
import { freshTarget, startGatewayStarts } from './starts-rig.ts';

const seconds = 60_000;
const problem = (code: string) => expect.objectContaining({ name: 'Problem', code });
const updateAccepted = 'workflowExecutionUpdateAcceptedEventAttributes';

describe('starts of sessions', () => {
  let servers: WorkflowServers;
  let worker: RunningWorker;
  let starts: ReturnType<typeof startGatewayStarts>;
  const worlds = createSessionWorlds();
  beforeAll(async () => {
    servers = await startWorkflowServers();
    worker = await servers.startSessionWorker(worlds.activities);
    starts = startGatewayStarts(servers.client);
  }, seconds);
  afterAll(() => servers.close(), seconds);

  const updatesOf = async (key: string): Promise<number> => {
    const { events = [] } = await servers.client.workflow.getHandle(sessionWorkflowId(key)).fetchHistory();
    return (events ?? []).filter((event) => event[updateAccepted] != null).length;
  };
  const waitUntilStarting = async (key: string): Promise<void> => {
    while ((await starts.runs.status(key))?.phase !== 'Starting') await new Promise((done) => setTimeout(done, 50));
  };

  it(
    'make one pod by one update for 100 requests at once, and know it without the run from then on',
    async () => {
      const target = freshTarget();
      const answers = await Promise.all(Array.from({ length: 100 }, () => starts.ensure(target)));
      expect(new Set(answers.map(({ route }) => route.podUid)).size).toBe(1);
      expect(answers[0]).toEqual({ route: expect.objectContaining({ class: 'default', kid: 'k1' }), start: 'cold' });
      expect(worlds.of(target.key).pods.size).toBe(1);
      expect(await updatesOf(target.key)).toBe(1);
      expect(starts.routes.find(target.key)?.address).toBe('10.0.0.1');
      expect((await starts.ensure(target)).start).toBe('existing');
    },
    seconds,
  );

  it(
    'heal a pod that could not be reached and is gone',
    async () => {
      const target = freshTarget();
      const { route } = await starts.ensure(target);
      worlds.of(target.key).kill(route.incarnation);
      const { incarnation } = route;
      const doubting = Array.from({ length: 20 }, () =>
        starts.ensure(target, { suspect: incarnation, above: incarnation }),
      );
      for (const healed of await Promise.all(doubting)) {
        expect(healed.start).toBe('healed');
        expect(healed.route.incarnation).toBeGreaterThan(incarnation);
      }
      expect(await updatesOf(target.key)).toBe(2);
    },
    seconds,
  );

  it(
    'hold a request as long as it may be held, and go on without it',
    async () => {
      const target = freshTarget();
      const { rules } = worlds.of(target.key);
      rules.readiness = 'never';
      await expect(starts.ensure(target, { holdMs: 2000 })).rejects.toEqual(problem('starting'));
      const joined = starts.ensure(target);
      rules.readiness = 'at-once';
      expect((await joined).start).toBe('cold');
      expect(worlds.of(target.key).pods.size).toBe(1);
    },
    seconds,
  );

  it(
    'tell why a pod can not start, and start nothing for a while',
    async () => {
      const target = freshTarget();
      worlds.of(target.key).rules.readiness = { state: 'failed', code: 'image_error', detail: 'no such image' };
      for (let time = 0; time < 2; time += 1) {
        await expect(starts.ensure(target)).rejects.toMatchObject({ code: 'image_error', message: 'no such image' });
      }
      expect(worlds.of(target.key).pods.size).toBe(1);
    },
    seconds,
  );

  it(
    'refuse another class than the session has, and take one that names none',
    async () => {
      const target = freshTarget();
      await starts.ensure(target);
      const gpu = { ...target, askedClass: 'gpu', class: { ...quickClass, name: 'gpu' } };
      await expect(starts.runs.ensureReady(gpu, { class: 'gpu' })).rejects.toEqual(problem('class_mismatch'));
      await expect(starts.ensure(gpu)).rejects.toEqual(problem('class_mismatch'));
      expect((await starts.ensure(target)).route.class).toBe('default');
    },
    seconds,
  );

  it(
    'are given up when somebody ends the session meanwhile',
    async () => {
      const target = freshTarget();
      worlds.of(target.key).rules.readiness = 'never';
      const waiting = Array.from({ length: 10 }, () => starts.ensure(target).catch((error: unknown) => error));
      await waitUntilStarting(target.key);
      expect(await starts.runs.terminate(target.key, { force: false })).toMatchObject({ existed: true, gone: true });
      for (const error of await Promise.all(waiting)) expect(error).toEqual(problem('session_deleted'));
      expect(worlds.of(target.key).alive()).toEqual([]);
    },
    seconds,
  );

  it(
    'go on in the next run when somebody terminates the run',
    async () => {
      const target = freshTarget();
      const { rules, pods, mostAlive } = worlds.of(target.key);
      rules.readiness = 'never';
      const waiting = starts.ensure(target);
      await waitUntilStarting(target.key);
      while (pods.size === 0) await new Promise((done) => setTimeout(done, 20));
      rules.readiness = 'at-once';
      await servers.client.workflow.getHandle(sessionWorkflowId(target.key)).terminate();
      expect((await waiting).route.podUid).toMatch(/^uid-/);
      expect(mostAlive()).toBe(1);
    },
    seconds,
  );

  it(
    'say that Temporal is away, and go on when it is back',
    async () => {
      const proxy = await startTcpProxy((await sharedEnvironment()).temporalAddress());
      const connection = await Connection.connect({ address: proxy.address });
      const cut = startGatewayStarts(new Client({ connection, namespace: servers.namespace }));
      await cut.ensure(freshTarget());
      const target = freshTarget();
      await proxy.close();
      await expect(cut.ensure(target, { holdMs: 7000 })).rejects.toEqual(problem('orchestrator_unavailable'));
      const back = await startTcpProxy((await sharedEnvironment()).temporalAddress(), proxy.port);
      expect((await cut.ensure(target)).start).toBe('cold');
      await connection.close();
      await back.close();
    },
    seconds,
  );

  it(
    'say that no worker answers; what was asked for is there when one is back',
    async () => {
      await worker.stop();
      const target = freshTarget();
      await expect(starts.ensure(target, { holdMs: 7000 })).rejects.toEqual(problem('orchestrator_unavailable'));
      await expect(starts.runs.status(target.key)).rejects.toEqual(problem('orchestrator_unavailable'));
      worker = await servers.startSessionWorker(worlds.activities);
      expect((await starts.ensure(target)).route.podUid).toMatch(/^uid-/);
      expect(worlds.of(target.key).pods.size).toBe(1);
    },
    seconds,
  );
});
