import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { WorkflowFailedError, WorkflowUpdateFailedError } from '@temporalio/client';
import { createSessionWorlds, type SessionWorld } from '../../../helpers/sessions/session-world.ts';
import {
  ensureReady,
  freshSession,
  quickClass,
  readyAnswer,
  sessionRun,
  untilSession,
} from '../../../helpers/sessions/session-runs.ts';
import { startWorkflowServers, type WorkflowServers } from '../../../helpers/workflows/workflow-servers.ts';
import { podGoneSignal, type SessionInput, terminateUpdate } from '../../../../workflows/session.messages.ts';

const seconds = 60_000;

/** Cleaning up goes on after the answer. */
async function eventually(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 30));
}

describe('a session', () => {
  let servers: WorkflowServers;
  let world: SessionWorld;
  const worlds = createSessionWorlds();
  beforeAll(async () => {
    servers = await startWorkflowServers();
    await servers.startSessionWorker(worlds.activities);
  }, seconds);
  afterAll(() => servers.close(), seconds);
  afterEach(() => {
    expect(world.mostAlive()).toBeLessThanOrEqual(1);
  });

  const begin = (parts: Partial<SessionInput> = {}) => {
    const input = freshSession(parts);
    world = worlds.of(input.key);
    return { input, handle: sessionRun(servers, input), ask: (request = {}) => ensureReady(servers, input, request) };
  };
  const codeOf = async (asked: Promise<unknown>): Promise<unknown> => {
    const error = await asked.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(WorkflowUpdateFailedError);
    return (error as WorkflowUpdateFailedError).cause;
  };
  const idle = { keep: null, remainingMs: 0, sinceActivityMs: 1001 } as const;

  it(
    'makes a pod for its first request and gives every further one the same',
    async () => {
      const { ask } = begin();
      const first = readyAnswer(await ask());
      expect(first).toMatchObject({ start: 'cold', address: '10.0.0.1', port: 8080 });
      const further = await Promise.all([ask(), ask(), ask()]);
      for (const answer of further) expect(answer).toMatchObject({ start: 'existing', incarnation: first.incarnation });
      expect(world.done.filter((what) => what.startsWith('createSessionPod'))).toHaveLength(1);
    },
    seconds,
  );

  it(
    'was started for a request that waited while its pod became ready, whoever asked first',
    async () => {
      const { ask } = begin();
      const { incarnation } = readyAnswer(await ask());
      expect(await ask({ waitedMs: 60_000 })).toMatchObject({ start: 'cold', incarnation });
      await new Promise((resolve) => setTimeout(resolve, 50));
      expect(await ask({ waitedMs: 10 })).toMatchObject({ start: 'existing', incarnation });
    },
    seconds,
  );

  it(
    'makes one pod for many first requests at once',
    async () => {
      const { ask } = begin();
      const answers = (await Promise.all(Array.from({ length: 8 }, () => ask()))).map(readyAnswer);
      expect(new Set(answers.map(({ podUid }) => podUid)).size).toBe(1);
      expect(world.pods.size).toBe(1);
    },
    seconds,
  );

  it(
    'is removed once it is idle, and gives its slot back',
    async () => {
      const { ask, handle } = begin();
      const { incarnation } = readyAnswer(await ask());
      expect(world.hasSlot()).toBe(true);
      world.rules.idle = idle;
      expect(await handle.result()).toEqual({ endedBy: 'idle', incarnation, heals: 0 });
      expect(world.alive()).toEqual([]);
      expect(world.hasSlot()).toBe(false);
      expect(world.done.slice(-3)).toEqual([
        `sealSession ${incarnation}`,
        `deleteSessionPod ${incarnation}`,
        'releaseSlot',
      ]);
    },
    seconds,
  );

  it(
    'is looked at again when it is kept, and says why it is alive',
    async () => {
      const { ask, handle } = begin();
      await ask();
      world.rules.idle = { keep: 'request-in-flight', remainingMs: 500, sinceActivityMs: 0 };
      const { why } = await untilSession(handle, ({ keep }) => keep === 'request-in-flight');
      expect(why).toBe('At the last look, a request is in flight.');
      await untilSession(handle, () => world.done.filter((what) => what.startsWith('decideIdle')).length >= 3);
      world.rules.idle = idle;
      expect(await handle.result()).toMatchObject({ endedBy: 'idle' });
    },
    seconds,
  );

  it.each(['isPodAlive', 'decideIdle'] as const)(
    'is kept while %s can not be done',
    async (name) => {
      const { ask, handle } = begin();
      world.rules.idle = idle;
      world.rules.broken = new Set([name]);
      await ask();
      await new Promise((resolve) => setTimeout(resolve, 3000));
      expect(world.alive()).toHaveLength(1);
      world.rules.broken = new Set();
      expect(await handle.result()).toMatchObject({ endedBy: 'idle' });
    },
    seconds,
  );

  it(
    'is ready again when something speaks against its end at the last moment',
    async () => {
      const { ask, handle } = begin();
      const { incarnation } = readyAnswer(await ask());
      world.rules.idle = idle;
      world.rules.sealRefused = true;
      await untilSession(handle, () => world.done.includes(`callBack ${incarnation}`));
      world.rules.idle = { keep: 'recent-activity', remainingMs: 60_000, sinceActivityMs: 0 };
      await untilSession(handle, ({ phase }) => phase === 'Ready');
      expect(world.alive()).toEqual([incarnation]);
    },
    seconds,
  );

  it(
    'does not believe more idle time than has passed',
    async () => {
      const { ask, handle } = begin();
      const { incarnation } = readyAnswer(await ask());
      world.rules.idle = { keep: 'recent-activity', remainingMs: 200, sinceActivityMs: 10 };
      await untilSession(handle, ({ keep }) => keep === 'recent-activity');
      world.rules.idle = { keep: null, remainingMs: 0, sinceActivityMs: 900_000 };
      await untilSession(handle, () => world.done.includes(`callBack ${incarnation}`));
      expect(world.alive()).toEqual([incarnation]);
    },
    seconds,
  );

  it(
    'heals when its pod dies: the next one is there without being asked for',
    async () => {
      const { ask, handle } = begin();
      const { incarnation, podUid } = readyAnswer(await ask());
      world.kill(incarnation);
      await handle.signal(podGoneSignal, { podUid });
      const status = await untilSession(handle, (now) => now.phase === 'Ready' && now.incarnation > incarnation);
      expect(status.heals).toBe(1);
      expect(await ask()).toMatchObject({ start: 'existing', incarnation: status.incarnation });
    },
    seconds,
  );

  it(
    'looks when a gateway can not reach its pod: alive it stays, dead it is replaced',
    async () => {
      const { ask } = begin();
      const { incarnation } = readyAnswer(await ask());
      expect(await ask({ suspect: incarnation })).toMatchObject({ incarnation });
      world.kill(incarnation);
      const next = readyAnswer(await ask({ suspect: incarnation }));
      expect(next.incarnation).toBeGreaterThan(incarnation);
      expect(next.start).toBe('healed');
      expect(await ask({ suspect: incarnation })).toMatchObject({ incarnation: next.incarnation });
    },
    seconds,
  );

  it(
    'that dies again and again is given up, and says so',
    async () => {
      const { ask, handle } = begin();
      for (let death = 1; death <= 4; death += 1) {
        const { incarnation, podUid } = readyAnswer(await ask());
        world.kill(incarnation);
        await handle.signal(podGoneSignal, { podUid });
        await untilSession(
          handle,
          (now) => now.phase === 'Failed' || (now.phase === 'Ready' && now.incarnation > incarnation),
        );
      }
      expect(await codeOf(ask())).toMatchObject({ type: 'pod_gone', message: expect.stringContaining('died 4 times') });
      await eventually(() => !world.hasSlot());
    },
    seconds,
  );

  it(
    'answers why it can not be served, starts nothing meanwhile, and leaves nothing behind',
    async () => {
      const { ask } = begin();
      world.rules.readiness = { state: 'failed', code: 'image_error', detail: 'pull access denied' };
      expect(await codeOf(ask())).toMatchObject({ type: 'image_error', message: 'pull access denied' });
      world.rules.readiness = 'at-once';
      expect(await codeOf(ask())).toMatchObject({ type: 'image_error' });
      expect(world.pods.size).toBe(1);
      await eventually(() => world.alive().length === 0 && !world.hasSlot());
    },
    seconds,
  );

  it(
    'that never gets a place is given up after its time, with the reason',
    async () => {
      const { ask } = begin({ podCreationTimeoutSeconds: 1 });
      world.rules.readiness = 'never';
      expect(await codeOf(ask())).toMatchObject({ type: 'unschedulable', message: '0/1 nodes are available' });
      await eventually(() => world.alive().length === 0);
    },
    seconds,
  );

  it(
    'is ended at once when no request is in flight',
    async () => {
      const { ask, handle } = begin();
      await ask();
      expect(await handle.executeUpdate(terminateUpdate, { args: [{ force: false }] })).toMatchObject({
        gone: true,
        existed: true,
      });
      expect(await handle.result()).toMatchObject({ endedBy: 'terminate' });
      expect(world.alive()).toEqual([]);
    },
    seconds,
  );

  it(
    'lets requests in flight finish for its drain time, unless it is forced',
    async () => {
      const { ask, handle } = begin({ class: { ...quickClass, drainSeconds: 30 } });
      const { incarnation } = readyAnswer(await ask());
      world.rules.leases = true;
      const ending = handle.executeUpdate(terminateUpdate, { args: [{ force: false }] });
      await untilSession(handle, ({ phase }) => phase === 'Draining');
      expect(await ending).toMatchObject({ gone: false, phase: 'Draining' });
      expect(world.alive()).toEqual([incarnation]);
      expect(await handle.executeUpdate(terminateUpdate, { args: [{ force: true }] })).toMatchObject({ gone: true });
      expect(world.alive()).toEqual([]);
    },
    seconds,
  );

  it(
    'gives a request that comes while it is being ended the next pod',
    async () => {
      const { ask, handle } = begin({ class: { ...quickClass, drainSeconds: 2 } });
      const { incarnation } = readyAnswer(await ask());
      world.rules.leases = true;
      const ending = handle.executeUpdate(terminateUpdate, { args: [{ force: false }] });
      await untilSession(handle, ({ phase }) => phase === 'Draining');
      const next = readyAnswer(await ask());
      expect(next.incarnation).toBeGreaterThan(incarnation);
      expect(await ending).toMatchObject({ gone: true });
      expect(world.alive()).toEqual([next.incarnation]);
    },
    seconds,
  );

  it(
    'is ended while it starts: who waits is told, and no pod stays',
    async () => {
      const { ask, handle } = begin();
      world.rules.readiness = 'never';
      const waiting = codeOf(ask());
      await eventually(() => world.pods.size === 1);
      await untilSession(handle, ({ phase, pod }) => phase === 'Starting' && pod !== null);
      expect(await handle.executeUpdate(terminateUpdate, { args: [{ force: false }] })).toMatchObject({ gone: true });
      expect(await waiting).toMatchObject({ type: 'session_deleted' });
      expect(world.alive()).toEqual([]);
    },
    seconds,
  );

  it(
    'that is cancelled cleans up',
    async () => {
      const { ask, handle } = begin();
      await ask();
      await handle.cancel();
      await expect(handle.result()).rejects.toThrow(WorkflowFailedError);
      expect((await handle.describe()).status.name).toBe('CANCELLED');
      expect(world.alive()).toEqual([]);
      expect(world.hasSlot()).toBe(false);
    },
    seconds,
  );

  it(
    'that was terminated without cleaning up is taken over by its next run, with its pod',
    async () => {
      const { ask, handle } = begin();
      const { incarnation } = readyAnswer(await ask());
      await handle.terminate();
      expect(await ask()).toMatchObject({ start: 'existing', incarnation });
      expect(world.pods.size).toBe(1);
    },
    seconds,
  );

  it(
    'keeps its class',
    async () => {
      const { ask } = begin();
      await ask();
      expect(await codeOf(ask({ class: 'other' }))).toMatchObject({ type: 'class_mismatch' });
    },
    seconds,
  );

  it(
    'goes on with everything it knows when its history gets long',
    async () => {
      const { ask, handle } = begin({ historyLimit: 40 });
      const { incarnation } = readyAnswer(await ask());
      const first = (await handle.describe()).runId;
      world.rules.idle = { keep: 'recent-activity', remainingMs: 50, sinceActivityMs: 0 };
      while ((await handle.describe()).runId === first) await new Promise((resolve) => setTimeout(resolve, 100));
      expect(await ask()).toMatchObject({ start: 'existing', incarnation });
      world.rules.idle = idle;
      expect(await handle.result()).toMatchObject({ endedBy: 'idle', incarnation });
      expect(world.hasSlot()).toBe(false);
    },
    seconds,
  );
});
