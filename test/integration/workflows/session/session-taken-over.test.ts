import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sessionWorkflowId } from '../../../../domain/sessions/identity/session-names.ts';
import { terminateUpdate } from '../../../../workflows/session.messages.ts';
import { ensureReady, freshSession, readyAnswer } from '../../../helpers/sessions/session-runs.ts';
import { until } from '../../../helpers/sessions/rig/until.ts';
import { createSessionWorlds } from '../../../helpers/sessions/session-world.ts';
import { startWorkflowServers, type WorkflowServers } from '../../../helpers/workflows/workflow-servers.ts';

const seconds = 60_000;
const patience = { seconds: 30 };

describe('the pod of a run that somebody terminated', () => {
  let servers: WorkflowServers;
  const worlds = createSessionWorlds();
  beforeAll(async () => {
    servers = await startWorkflowServers();
    await servers.startSessionWorker(worlds.activities);
  }, seconds);
  afterAll(() => servers.close(), seconds);

  const startAndTerminate = async () => {
    const input = freshSession();
    const first = readyAnswer(await ensureReady(servers, input));
    await servers.client.workflow.getHandle(sessionWorkflowId(input.key)).terminate();
    return { input, first, world: worlds.of(input.key) };
  };

  it(
    'serves on: the next run takes it over',
    async () => {
      const { input, first, world } = await startAndTerminate();
      const next = readyAnswer(await ensureReady(servers, input));
      expect(next).toMatchObject({ incarnation: first.incarnation, start: 'existing' });
      expect(world.done.filter((name) => name.startsWith('publishSession'))).toHaveLength(2);
    },
    seconds,
  );

  it(
    'is removed when that run had sealed it, as no gateway could send to it; who waits gets the next one',
    async () => {
      const { input, first, world } = await startAndTerminate();
      world.rules.sealed = first.incarnation;
      const next = readyAnswer(await ensureReady(servers, input));
      expect(next.incarnation).toBeGreaterThan(first.incarnation);
      expect(next.start).toBe('cold');
      expect(world.done).toContain(`deleteSessionPod ${first.incarnation}`);
    },
    seconds,
  );

  it(
    'is given up at once by DELETE when it does not become ready, and who waits is told',
    async () => {
      const { input, first, world } = await startAndTerminate();
      world.rules.readiness = 'never';
      const waiting = ensureReady(servers, input).catch((error: unknown) => error);
      await until(() => world.done.filter((name) => name.startsWith('followStart')).length > 1, patience);
      const ended = await servers.client.workflow
        .getHandle(sessionWorkflowId(input.key))
        .executeUpdate(terminateUpdate, { args: [{ force: false }] });
      expect(ended).toMatchObject({ existed: true, gone: true });
      expect(await waiting).toMatchObject({ cause: { type: 'session_deleted' } });
      expect(world.done).toContain(`deleteSessionPod ${first.incarnation}`);
    },
    seconds,
  );

  it(
    'of a run that is cancelled while it starts: who waits is told, and it is removed',
    async () => {
      const input = freshSession();
      const world = worlds.of(input.key);
      world.rules.readiness = 'never';
      const waiting = ensureReady(servers, input).catch((error: unknown) => error);
      await until(() => world.done.some((name) => name.startsWith('followStart')), patience);
      await servers.client.workflow.getHandle(sessionWorkflowId(input.key)).cancel();
      expect(await waiting).toMatchObject({ cause: { type: 'session_deleted' } });
      await until(() => world.alive().length === 0, patience);
    },
    seconds,
  );
});
