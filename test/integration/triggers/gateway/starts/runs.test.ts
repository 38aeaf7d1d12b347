import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { WorkflowNotFoundError } from '@temporalio/client';
import { sessionWorkflowId } from '../../../../../domain/sessions/identity/session-names.ts';
import type { SessionRow } from '../../../../../triggers/gateway/starts/session-runs.ts';
import { createSessionWorlds } from '../../../../helpers/sessions/session-world.ts';
import { startWorkflowServers, type WorkflowServers } from '../../../../helpers/workflows/workflow-servers.ts';
import { freshTarget, startGatewayStarts } from './starts-rig.ts';

const seconds = 60_000;
const problem = (code: string) => expect.objectContaining({ name: 'Problem', code });

describe('the runs of sessions', () => {
  let servers: WorkflowServers;
  let starts: ReturnType<typeof startGatewayStarts>;
  const worlds = createSessionWorlds();
  beforeAll(async () => {
    servers = await startWorkflowServers();
    await servers.startSessionWorker(worlds.activities);
    starts = startGatewayStarts(servers.client);
  }, seconds);
  afterAll(() => servers.close(), seconds);

  const runOf = (key: string) => servers.client.workflow.getHandle(sessionWorkflowId(key));
  /** Visibility follows a moment later. */
  const listed = async (ownerHash: string, holds: (rows: readonly SessionRow[]) => boolean) => {
    for (;;) {
      const { sessions } = await starts.runs.list({ ownerHash, limit: 100 });
      if (holds(sessions)) return sessions;
      await new Promise((done) => setTimeout(done, 100));
    }
  };

  it(
    'are not there for a session nobody asked for, and none is started by looking or ending',
    async () => {
      const { key } = freshTarget();
      expect(await starts.runs.status(key)).toBeNull();
      expect(await starts.runs.terminate(key, { force: true })).toEqual({ existed: false, phase: 'Gone', gone: true });
      await expect(starts.runs.extend(key, 60)).rejects.toEqual(problem('not_found'));
      await expect(runOf(key).describe()).rejects.toBeInstanceOf(WorkflowNotFoundError);
    },
    seconds,
  );

  it(
    'tell how a session stands, keep it, and end it once',
    async () => {
      const target = freshTarget();
      const { route } = await starts.ensure(target);
      const { key } = target;
      expect(await starts.runs.status(key)).toMatchObject({ phase: 'Ready', pod: { uid: route.podUid } });
      const { keptUntil } = await starts.runs.extend(key, 900);
      expect(Date.parse(keptUntil)).toBeGreaterThan(Date.now() + 800_000);
      await expect(starts.runs.extend(key, 0)).rejects.toEqual(problem('invalid_request'));
      const both = [starts.runs.terminate(key, { force: true }), starts.runs.terminate(key, { force: true })];
      for (const answer of await Promise.all(both)) expect(answer).toMatchObject({ gone: true });
      await runOf(key).result();
      expect(await starts.runs.status(key)).toBeNull();
      expect(await starts.runs.terminate(key, { force: true })).toMatchObject({ existed: false });
      await expect(starts.runs.extend(key, 60)).rejects.toEqual(problem('not_found'));
      expect(worlds.of(key).alive()).toEqual([]);
    },
    seconds,
  );

  it(
    'that somebody terminated are started again to remove a pod that is known',
    async () => {
      const target = freshTarget();
      await starts.ensure(target);
      await runOf(target.key).terminate();
      expect(await starts.runs.terminate(target.key, { force: true })).toMatchObject({ existed: false });
      expect(worlds.of(target.key).alive()).toHaveLength(1);
      const ended = await starts.runs.terminate(target.key, { force: true, target });
      expect(ended).toMatchObject({ existed: true, gone: true });
      expect(worlds.of(target.key).alive()).toEqual([]);
    },
    seconds,
  );

  it(
    'are listed for their owner, page by page',
    async () => {
      const ownerHash = `o-${randomUUID()}`;
      const targets = Array.from({ length: 5 }, () => freshTarget({ ownerHash, tenant: 'acme' }));
      await Promise.all([...targets, freshTarget()].map((target) => starts.ensure(target)));
      const rows = await listed(
        ownerHash,
        (found) => found.length === 5 && found.every(({ state, pod }) => state === 'Ready' && pod !== null),
      );
      expect(rows.map(({ sessionId }) => sessionId).sort()).toEqual(targets.map(({ sessionId }) => sessionId).sort());
      const row = rows.find(({ key }) => key === targets[0]!.key);
      expect(row).toMatchObject({ class: 'default', tenant: 'acme', sessionId: targets[0]!.sessionId });
      expect(Math.abs(Date.parse(row!.since) - Date.now())).toBeLessThan(seconds);

      const keys: string[] = [];
      let cursor: string | null = null;
      do {
        const page: Awaited<ReturnType<typeof starts.runs.list>> = await starts.runs.list({
          ownerHash,
          limit: 2,
          ...(cursor !== null && { cursor }),
        });
        expect(page.sessions.length).toBeLessThanOrEqual(2);
        keys.push(...page.sessions.map(({ key }) => key));
        cursor = page.cursor;
      } while (cursor !== null);
      expect(keys.sort()).toEqual(targets.map(({ key }) => key).sort());

      await starts.runs.terminate(targets[0]!.key, { force: true });
      await listed(ownerHash, (found) => found.length === 4);
      const all = await starts.runs.list({ limit: 100 });
      expect(all.sessions.length).toBeGreaterThanOrEqual(5);
    },
    seconds,
  );

  it(
    'are not listed by a cursor of another list, or by one that is none',
    async () => {
      const ownerHash = `o-${randomUUID()}`;
      await Promise.all([1, 2, 3].map(() => starts.ensure(freshTarget({ ownerHash }))));
      await listed(ownerHash, (found) => found.length === 3);
      const { cursor } = await starts.runs.list({ ownerHash, limit: 1 });
      for (const wrong of [
        { ownerHash: 'another', cursor: cursor! },
        { cursor: cursor! },
        { ownerHash, cursor: 'x' },
        { ownerHash, cursor: `${cursor!}A` },
      ]) {
        await expect(starts.runs.list({ limit: 1, ...wrong })).rejects.toEqual(problem('invalid_request'));
      }
    },
    seconds,
  );
});
