import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createSessionWorlds } from '../../../helpers/sessions/session-world.ts';
import { ensureReady, freshSession, readyAnswer } from '../../../helpers/sessions/session-runs.ts';
import { startWorkflowServers, type WorkflowServers } from '../../../helpers/workflows/workflow-servers.ts';

const seconds = 60_000;

describe('a session that Redis knows nothing of', () => {
  let servers: WorkflowServers;
  const worlds = createSessionWorlds();
  beforeAll(async () => {
    servers = await startWorkflowServers();
    await servers.startSessionWorker(worlds.activities);
  }, seconds);
  afterAll(() => servers.close(), seconds);

  it(
    'is published again when a gateway says so, before the gateway is answered',
    async () => {
      const input = freshSession();
      const { done } = worlds.of(input.key);
      const { incarnation } = readyAnswer(await ensureReady(servers, input));
      const before = done.length;
      const again = readyAnswer(await ensureReady(servers, input, { unpublished: incarnation }));
      expect(again).toMatchObject({ incarnation, start: 'existing' });
      expect(done.slice(before)).toEqual([`publishSession ${incarnation}`]);
    },
    seconds,
  );

  it(
    'is not published for an incarnation that is not the present one',
    async () => {
      const input = freshSession();
      const { done } = worlds.of(input.key);
      const { incarnation } = readyAnswer(await ensureReady(servers, input));
      const before = done.length;
      await ensureReady(servers, input, { unpublished: incarnation - 1 });
      expect(done.slice(before)).toEqual([]);
    },
    seconds,
  );
});
