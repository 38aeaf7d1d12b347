import { randomUUID } from 'node:crypto';
import type { SweepActivities } from '../../activities/sessions/sweep/sweep-activities.ts';
import type { SweepResult } from '../../domain/sessions/sweep/sweep-result.ts';
import { taskQueues } from '../../domain/task-queues.ts';
import {
  adoptUpdate,
  type EnsureReadyRequest,
  extendUpdate,
  podGoneSignal,
  type SessionInput,
  terminateUpdate,
} from '../../workflows/session.messages.ts';
import { sweepSessionsType } from '../../workflows/sweep-sessions.messages.ts';
import { createSessionWorlds, type SessionWorld } from '../helpers/sessions/session-world.ts';
import {
  ensureReady,
  freshSession,
  quickClass,
  readyAnswer,
  type SessionRunHandle,
  sessionRun,
  untilSession,
} from '../helpers/sessions/session-runs.ts';
import type { WorkflowServers } from '../helpers/workflows/workflow-servers.ts';
import type { HistoryCase } from './history-case.ts';

interface Stage {
  readonly world: SessionWorld;
  readonly handle: SessionRunHandle;
  readonly ask: (request?: EnsureReadyRequest) => ReturnType<typeof ensureReady>;
}

interface SessionCase {
  readonly input?: Partial<SessionInput>;
  /** May return the id of the run whose history is kept, where that is not the last. */
  readonly play: (stage: Stage) => Promise<unknown>;
}

const idle = { keep: null, remainingMs: 0, sinceActivityMs: 1001 } as const;
const closed = (handle: SessionRunHandle): Promise<unknown> => handle.result().catch(() => undefined);
const terminate = (handle: SessionRunHandle, force = false) =>
  handle.executeUpdate(terminateUpdate, { args: [{ force }] });

/** Until its first run has gone on as a new one, which then ends for idleness. Returns the id of the first. */
async function playContinueAsNew({ world, handle, ask }: Stage): Promise<string> {
  await ask();
  const first = (await handle.describe()).runId;
  world.rules.idle = { keep: 'recent-activity', remainingMs: 50, sinceActivityMs: 0 };
  while ((await handle.describe()).runId === first) await new Promise((resolve) => setTimeout(resolve, 100));
  await ask();
  world.rules.idle = idle;
  await closed(handle);
  return first;
}

const cases: Readonly<Record<string, SessionCase>> = {
  'cold-start-to-idle': {
    play: async ({ world, handle, ask }) => {
      await ask();
      world.rules.idle = { keep: 'request-in-flight', remainingMs: 300, sinceActivityMs: 0 };
      await untilSession(handle, ({ keep }) => keep === 'request-in-flight');
      world.rules.idle = idle;
      await closed(handle);
    },
  },
  healed: {
    play: async ({ world, handle, ask }) => {
      const { incarnation, podUid } = readyAnswer(await ask());
      world.kill(incarnation);
      await handle.signal(podGoneSignal, { podUid });
      const next = await untilSession(handle, (now) => now.phase === 'Ready' && now.incarnation > incarnation);
      await ask({ suspect: next.incarnation });
      await terminate(handle);
      await closed(handle);
    },
  },
  terminated: {
    input: { class: { ...quickClass, drainSeconds: 30 } },
    play: async ({ world, handle, ask }) => {
      await ask();
      world.rules.leases = true;
      const ending = terminate(handle);
      await untilSession(handle, ({ phase }) => phase === 'Draining');
      await terminate(handle, true);
      await ending;
      await closed(handle);
    },
  },
  'called-back': {
    play: async ({ world, handle, ask }) => {
      const { incarnation } = readyAnswer(await ask());
      world.rules.idle = idle;
      world.rules.sealRefused = true;
      await untilSession(handle, () => world.done.includes(`callBack ${incarnation}`));
      world.rules.sealRefused = false;
      await closed(handle);
    },
  },
  'called-back-while-gateways-are-heard': {
    play: async ({ world, handle, ask }) => {
      await ask();
      Object.assign(world.rules, { idle, gatewaysHeard: false });
      await untilSession(handle, ({ phase }) => phase === 'Draining');
      await ask();
      await untilSession(handle, ({ phase }) => phase === 'Draining');
      await handle.executeUpdate(extendUpdate, { args: [{ seconds: 2 }] });
      world.rules.gatewaysHeard = true;
      await closed(handle);
    },
  },
  'continue-as-new-first': { input: { historyLimit: 30 }, play: playContinueAsNew },
  'continue-as-new-last': {
    input: { historyLimit: 30 },
    play: async (stage) => {
      await playContinueAsNew(stage);
    },
  },
  'image-error': {
    play: async ({ world, handle, ask }) => {
      world.rules.readiness = { state: 'failed', code: 'image_error', detail: 'pull access denied' };
      await ask().catch(() => undefined);
      await terminate(handle);
      await closed(handle);
    },
  },
  cancelled: {
    play: async ({ handle, ask }) => {
      await ask();
      await handle.cancel();
      await closed(handle);
    },
  },
  adopted: {
    play: async ({ world, handle, ask }) => {
      await ask();
      await handle.terminate('recorded');
      await ask();
      await handle.executeUpdate(adoptUpdate);
      world.rules.idle = idle;
      await closed(handle);
    },
  },
  'ended-while-starting': {
    play: async ({ world, handle, ask }) => {
      world.rules.readiness = 'never';
      const waiting = ask().catch(() => undefined);
      while (world.pods.size === 0) await new Promise((resolve) => setTimeout(resolve, 30));
      await untilSession(handle, ({ phase, pod }) => phase === 'Starting' && pod !== null);
      await terminate(handle);
      await waiting;
      await closed(handle);
    },
  },
};

function sessionCase(name: string, { input: parts = {}, play }: SessionCase): HistoryCase {
  return {
    workflow: 'session',
    name,
    play: async (servers) => {
      const worlds = createSessionWorlds();
      const worker = await servers.startSessionWorker(worlds.activities);
      const input = freshSession(parts);
      const handle = sessionRun(servers, input);
      const stage = {
        world: worlds.of(input.key),
        handle,
        ask: (request = {}) => ensureReady(servers, input, request),
      };
      const played = await play(stage);
      const runId = typeof played === 'string' ? played : (await handle.describe()).runId;
      await worker.stop();
      return { workflowId: handle.workflowId, runId };
    },
  };
}

const swept: SweepResult = {
  pods: 3,
  runs: 2,
  adopted: 1,
  deleted: 0,
  podGone: 1,
  slotsFreed: 0,
  unknownKey: 0,
  left: 0,
  problems: 0,
  reasons: [],
  uncounted: null,
};

function sweepCase(name: string, comparePodsWithRuns: SweepActivities['comparePodsWithRuns']): HistoryCase {
  const play = async (servers: WorkflowServers) => {
    const worker = await servers.startSessionWorker({ comparePodsWithRuns });
    const workflowId = `sweep/recorded/${randomUUID()}`;
    const args = [{ cluster: 'test' }];
    const options = { workflowId, taskQueue: taskQueues.sessions, args };
    await servers.client.workflow.execute(sweepSessionsType, options).catch(() => undefined);
    await worker.stop();
    return { workflowId };
  };
  return { workflow: 'sweepSessions', name, play };
}

/** What happens to the run of a session and to a sweep, in the ways their code distinguishes. */
export const sessionCases: readonly HistoryCase[] = [
  ...Object.entries(cases).map(([name, one]) => sessionCase(name, one)),
  sweepCase('repaired', () => Promise.resolve(swept)),
  sweepCase('failed', () => Promise.reject(new Error('recorded'))),
];
