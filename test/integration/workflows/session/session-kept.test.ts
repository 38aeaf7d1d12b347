import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import type { IdleQuestion } from '../../../../activities/sessions/session-activities.ts';
import { createSessionWorlds } from '../../../helpers/sessions/session-world.ts';
import {
  ensureReady,
  freshSession,
  quickClass,
  readyAnswer,
  sessionRun,
  untilSession,
} from '../../../helpers/sessions/session-runs.ts';
import { startWorkflowServers, type WorkflowServers } from '../../../helpers/workflows/workflow-servers.ts';
import { extendUpdate, type SessionInput } from '../../../../workflows/session.messages.ts';

const seconds = 60_000;
const idle = { keep: null, remainingMs: 0, sinceActivityMs: 1001 } as const;

describe('a session that could end too early', () => {
  let servers: WorkflowServers;
  const worlds = createSessionWorlds();
  /** Keys of sessions, and what happens after Redis has found them idle and before their runs hear of it. */
  const meanwhile = new Map<string, () => Promise<unknown>>();
  beforeAll(async () => {
    servers = await startWorkflowServers();
    await servers.startSessionWorker({
      ...worlds.activities,
      decideIdle: async (question: IdleQuestion) => {
        const seen = await worlds.activities.decideIdle(question);
        if (seen.keep === null) await meanwhile.get(question.key)?.();
        return seen;
      },
    });
  }, seconds);
  afterAll(() => servers.close(), seconds);

  const begin = (parts: Partial<SessionInput> = {}) => {
    const input = freshSession(parts);
    const world = worlds.of(input.key);
    return { input, world, handle: sessionRun(servers, input), ask: () => ensureReady(servers, input) };
  };

  it(
    'has a whole life with the next pod after the longest life of the one before, whose end a request has waited for',
    async () => {
      const { world, handle, ask } = begin({ class: { ...quickClass, idleTimeoutSeconds: 60, maxLifetimeSeconds: 5 } });
      const first = readyAnswer(await ask());
      world.rules.leases = true;
      await untilSession(handle, ({ phase }) => phase === 'Draining');
      const waiting = ask();
      world.rules.leases = false;
      const next = readyAnswer(await waiting);
      expect(next).toMatchObject({ start: 'cold' });
      expect(next.incarnation).toBeGreaterThan(first.incarnation);
      const { endsAt, since } = await untilSession(handle, () => true);
      expect(Date.parse(endsAt ?? '') - Date.parse(since)).toBeGreaterThanOrEqual(10_000);
      await sleep(2000);
      expect(await untilSession(handle, () => true)).toMatchObject({ phase: 'Ready', incarnation: next.incarnation });
    },
    seconds,
  );

  it(
    'is kept as somebody was told who asked for it while Redis found it idle',
    async () => {
      const { input, world, handle, ask } = begin();
      const { incarnation } = readyAnswer(await ask());
      const extended = new Promise<string>((resolve) => {
        meanwhile.set(input.key, async () => {
          meanwhile.delete(input.key);
          const { keptUntil } = await handle.executeUpdate(extendUpdate, { args: [{ seconds: 600 }] });
          resolve(keptUntil);
        });
      });
      world.rules.idle = idle;
      expect(Date.parse(await extended) - Date.now()).toBeGreaterThan(500_000);
      await sleep(3000);
      expect(await untilSession(handle, () => true)).toMatchObject({ phase: 'Ready', incarnation });
      expect(world.alive()).toEqual([incarnation]);
      expect(world.done).toContain(`callBack ${incarnation}`);
    },
    seconds,
  );

  it(
    'is looked at again soon, and not only after its whole timeout, when it could not be sealed and nobody asked for it',
    async () => {
      const { world, ask, handle } = begin({ class: { ...quickClass, idleTimeoutSeconds: 10 } });
      const { incarnation } = readyAnswer(await ask());
      Object.assign(world.rules, { idle: { ...idle, sinceActivityMs: 10_001 }, sealRefused: true });
      while (!world.done.includes(`callBack ${incarnation}`)) await sleep(30);
      const calledBackAtMs = Date.now();
      world.rules.sealRefused = false;
      expect(await handle.result()).toMatchObject({ endedBy: 'idle', incarnation });
      expect(Date.now() - calledBackAtMs).toBeLessThan(8000);
    },
    seconds,
  );

  it(
    'is kept when the first look tells of more idle time than has passed since it was ready: a clock has jumped',
    async () => {
      const { world, ask, handle } = begin();
      const { incarnation } = readyAnswer(await ask());
      world.rules.idle = { keep: null, remainingMs: 0, sinceActivityMs: 900_000 };
      while (!world.done.includes(`callBack ${incarnation}`)) await sleep(30);
      expect(world.alive()).toEqual([incarnation]);
      world.rules.idle = idle;
      expect(await handle.result()).toMatchObject({ endedBy: 'idle', incarnation });
    },
    seconds,
  );
});
