import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { createSessionWorlds } from '../../../helpers/sessions/session-world.ts';
import {
  ensureReady,
  freshSession,
  quickClass,
  sessionRun,
  untilSession,
} from '../../../helpers/sessions/session-runs.ts';
import { startWorkflowServers, type WorkflowServers } from '../../../helpers/workflows/workflow-servers.ts';
import { extendUpdate, type SessionInput } from '../../../../workflows/session.messages.ts';

const seconds = 60_000;
const idle = { keep: null, remainingMs: 0, sinceActivityMs: 1001 } as const;

describe('a session that somebody asks to be kept', () => {
  let servers: WorkflowServers;
  const worlds = createSessionWorlds();
  beforeAll(async () => {
    servers = await startWorkflowServers();
    await servers.startSessionWorker(worlds.activities);
  }, seconds);
  afterAll(() => servers.close(), seconds);

  const begin = async (parts: Partial<SessionInput> = {}) => {
    const input = freshSession(parts);
    const world = worlds.of(input.key);
    const handle = sessionRun(servers, input);
    await ensureReady(servers, input);
    const extend = (by: number) => handle.executeUpdate(extendUpdate, { args: [{ seconds: by }] });
    return { world, handle, extend };
  };
  const ending = { cause: expect.objectContaining({ type: 'session_ending' }) };

  it(
    'is kept that long, but not beyond its longest life',
    async () => {
      const { world, handle, extend } = await begin({ class: { ...quickClass, maxLifetimeSeconds: 4 } });
      world.rules.idle = idle;
      const { keptUntil } = await extend(600);
      expect(Date.parse(keptUntil) - Date.now()).toBeLessThan(5000);
      expect(await handle.result()).toMatchObject({ endedBy: 'max-lifetime' });
      expect(world.done.filter((what) => what.startsWith('decideIdle'))).toEqual([]);
    },
    seconds,
  );

  it(
    'is called back when it drains because it was idle',
    async () => {
      const { world, handle, extend } = await begin();
      Object.assign(world.rules, { idle, gatewaysHeard: false });
      const { incarnation } = await untilSession(handle, ({ phase }) => phase === 'Draining');
      const { keptUntil } = await extend(600);
      expect(Date.parse(keptUntil) - Date.now()).toBeGreaterThan(500_000);
      // Idle for longer than its timeout by then, and not even looked at.
      await sleep(3000);
      expect(await untilSession(handle, () => true)).toMatchObject({ phase: 'Ready', incarnation });
      expect(world.alive()).toEqual([incarnation]);
      expect(world.done.filter((what) => what.startsWith('decideIdle'))).toHaveLength(1);
    },
    seconds,
  );

  it(
    'ends when it can not be called back any more, and who asked is told',
    async () => {
      const { world, handle, extend } = await begin();
      Object.assign(world.rules, { idle, gatewaysHeard: false, tooLate: true });
      await untilSession(handle, ({ phase }) => phase === 'Draining');
      await expect(extend(600)).rejects.toMatchObject(ending);
      expect(await handle.result()).toMatchObject({ endedBy: 'idle' });
    },
    seconds,
  );

  it(
    'ends when it is being deleted, and who asks is told',
    async () => {
      const { world, handle, extend } = await begin();
      Object.assign(world.rules, { idle, broken: new Set(['deleteSessionPod']) });
      await untilSession(handle, ({ phase }) => phase === 'Deleting');
      await expect(extend(600)).rejects.toMatchObject(ending);
      world.rules.broken = new Set();
      expect(await handle.result()).toMatchObject({ endedBy: 'idle' });
    },
    seconds,
  );
});
