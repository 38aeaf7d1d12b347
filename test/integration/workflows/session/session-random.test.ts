import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { createSessionModel } from '../../../helpers/sessions/session-model.ts';
import {
  ensureReady,
  freshSession,
  quickClass,
  sessionRun,
  sessionStart,
} from '../../../helpers/sessions/session-runs.ts';
import { type SeededRandom, seededRandom, testSeed } from '../../../helpers/seeded-random.ts';
import { startWorkflowServers, type WorkflowServers } from '../../../helpers/workflows/workflow-servers.ts';
import {
  adoptUpdate,
  extendUpdate,
  podGoneSignal,
  type SessionInput,
  terminateUpdate,
} from '../../../../workflows/session.messages.ts';

const seconds = 120_000;
const lives = 8;
const stepsPerLife = 12;
/** After this nothing new is begun, so that the test ends on a slow machine, too. */
const beginsForMs = 25_000;
/** Fewer than there are lives, so that some are refused at times. */
const limit = 7;

const seed = testSeed();

/** What may happen to a session; half of it are requests. */
const steps = [
  ...Array.from({ length: 7 }, () => 'request' as const),
  ...(['pause', 'pause', 'die', 'suspect', 'terminate', 'extend', 'cut'] as const),
];

describe(`sessions to which anything may happen (PODKEEPER_TEST_SEED=${seed})`, () => {
  let servers: WorkflowServers;
  let endsMs = 0;
  const model = createSessionModel({ limit });
  beforeAll(async () => {
    servers = await startWorkflowServers();
  }, seconds);
  afterAll(() => servers.close(), seconds);

  const adopt = (input: SessionInput): Promise<unknown> =>
    servers.client.workflow.executeUpdateWithStart(adoptUpdate, { startWorkflowOperation: sessionStart(input) });

  /** What the gateway does with one request: admission, the run's answer, the lease. */
  const request = async (input: SessionInput, random: SeededRandom, suspect?: number): Promise<number | undefined> => {
    const ms = random.between(10, 3000);
    if (!model.admit(input.key)) return undefined;
    let ask: { suspect?: number; unpublished?: number } = suspect === undefined ? {} : { suspect };
    for (let attempt = 1; attempt <= 3 && !isOver(); attempt += 1) {
      const answer = await ensureReady(servers, input, ask).catch(() => undefined);
      if (answer?.state !== 'ready') continue;
      const { incarnation } = answer;
      const outcome = await model.request({ key: input.key, incarnation, ms });
      if (outcome === 'answered') return incarnation;
      ask = outcome === 'no-pod' ? { suspect: incarnation } : { unpublished: incarnation };
    }
    return undefined;
  };

  const isOver = (): boolean => performance.now() > endsMs;

  const live = async (input: SessionInput, random: SeededRandom): Promise<void> => {
    const handle = sessionRun(servers, input);
    const open: Promise<unknown>[] = [];
    let incarnation: number | undefined;
    for (let step = 0; step < stepsPerLife && !isOver(); step += 1) {
      // What comes too late, or to a session that is not there, is refused; that is no fault.
      const refused = (): undefined => undefined;
      switch (random.pick(steps)) {
        case 'request':
          open.push(request(input, random).then((seen) => (incarnation = seen ?? incarnation)));
          break;
        case 'suspect':
          open.push(request(input, random, incarnation));
          break;
        case 'die':
          model.kill(input.key);
          await handle.signal(podGoneSignal, { podUid: `s-${input.key}-${incarnation ?? 0}` }).catch(refused);
          break;
        case 'terminate':
          open.push(handle.executeUpdate(terminateUpdate, { args: [{ force: random.next() < 0.5 }] }).catch(refused));
          break;
        case 'extend':
          open.push(handle.executeUpdate(extendUpdate, { args: [{ seconds: 1 }] }).catch(refused));
          break;
        case 'cut':
          // As a person does it in the Temporal UI: the next run finds the pod.
          await handle.terminate().catch(refused);
          break;
        case 'pause':
          await sleep(random.between(0, 1500));
          break;
      }
      await sleep(random.between(0, 400));
    }
    await Promise.all(open);
    // Starts a run for what may be left behind by one that was cut.
    await adopt(input).catch(() => undefined);
    await handle.executeUpdate(terminateUpdate, { args: [{ force: true }] }).catch(() => undefined);
    await handle.result().catch(() => undefined);
  };

  it(
    'never have two routable pods, end with a request in flight, exceed the limit, or leave anything behind',
    async () => {
      let worker = await servers.startSessionWorker(model.activities);
      model.loseRedis();
      await sleep(200);
      const random = seededRandom(seed);
      endsMs = performance.now() + beginsForMs;
      const inputs = Array.from({ length: lives }, () =>
        freshSession({ class: { ...quickClass, idleTimeoutSeconds: 1, drainSeconds: 1 } }),
      );
      const living = inputs.map((input) => live(input, seededRandom(Math.floor(random.next() * 2 ** 31))));
      let over = false;
      const all = Promise.all(living).finally(() => (over = true));
      const disturb = async (): Promise<void> => {
        while (!over) {
          await sleep(random.between(3000, 6000));
          if (random.next() < 0.5) model.loseRedis();
          else {
            await worker.stop();
            worker = await servers.startSessionWorker(model.activities);
          }
        }
      };
      await Promise.all([all, disturb()]);
      expect(model.faults).toEqual([]);
      for (const { key } of inputs) expect(model.alive(key)).toBe(0);
      // A test in which nothing happened proves nothing.
      expect(model.requests()).toBeGreaterThan(lives);
      expect(model.made()).toBeGreaterThan(lives);
    },
    seconds,
  );
});
