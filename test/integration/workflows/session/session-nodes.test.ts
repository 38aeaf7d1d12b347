import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createSessionWorlds } from '../../../helpers/sessions/session-world.ts';
import {
  ensureReady,
  freshSession,
  readyAnswer,
  sessionRun,
  untilSession,
} from '../../../helpers/sessions/session-runs.ts';
import { startWorkflowServers, type WorkflowServers } from '../../../helpers/workflows/workflow-servers.ts';
import { terminateUpdate } from '../../../../workflows/session.messages.ts';

const seconds = 120_000;

describe('a session on nodes that fail', () => {
  let servers: WorkflowServers;
  const worlds = createSessionWorlds();
  beforeAll(async () => {
    servers = await startWorkflowServers();
    await servers.startSessionWorker(worlds.activities);
  }, seconds);
  afterAll(() => servers.close(), seconds);

  it(
    'gets another pod when its first one is evicted before it was ready, and who waits gets that',
    async () => {
      const input = freshSession();
      const world = worlds.of(input.key);
      world.rules.readiness = 'never';
      const asked = ensureReady(servers, input);
      const { incarnation } = await untilSession(sessionRun(servers, input), ({ pod }) => pod !== null);
      world.rules.readiness = 'at-once';
      world.kill(incarnation);
      const answer = readyAnswer(await asked);
      expect(answer.incarnation).toBeGreaterThan(incarnation);
      expect(answer.start).toBe('cold');
      expect(world.done).toContain(`sealSession ${incarnation}`);
      expect(world.mostAlive()).toBe(1);
    },
    seconds,
  );

  it(
    'is over also when the end of its pod is not confirmed',
    async () => {
      const input = freshSession();
      const world = worlds.of(input.key);
      const handle = sessionRun(servers, input);
      await ensureReady(servers, input);
      world.rules.endsConfirmed = false;
      expect(await handle.executeUpdate(terminateUpdate, { args: [{ force: true }] })).toMatchObject({ gone: true });
      expect(await handle.result()).toMatchObject({ endedBy: 'terminate' });
      expect(world.hasSlot()).toBe(false);
    },
    seconds,
  );
});
