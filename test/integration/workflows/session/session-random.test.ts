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
  type EnsureReadyRequest,
  extendUpdate,
  podGoneSignal,
  type SessionInput,
  terminateUpdate,
} from '../../../../workflows/session.messages.ts';

// That it fails was seen for each of these changes, made one at a time and taken back: the model's decideIdle does not look at
// leases; its sealSession does not; its slots are never confirmed; the workflow's replacePod does not delete the lost pod;
// restWhileGone does not release the slot.

const seconds = 120_000;
const lanes = 6;
/** Fewer than there are lanes, so that a place that is lost or given twice shows. */
const limit = 5;
const idleTimeoutMs = 1000;
/** After this no new life is begun, so that the test ends on a slow machine, too. */
const beginsForMs = 12_000;

/** How long a request takes: so long, and until a look at its session has come to an answer. */
interface Length {
  readonly ms: number;
  readonly lookedAt?: boolean;
}

const seed = testSeed();

/** What may happen to a session. */
const steps = [
  'request',
  'request',
  'stream',
  'stream',
  'pause',
  'kill',
  'hang',
  'terminate',
  'extend',
  'cut',
] as const;
/** What may happen in the moment in which it is found idle. */
const disturbances = ['late-stream', 'late-request', 'lose-redis', 'request', 'nothing'] as const;

describe(`sessions to which anything may happen (PODKEEPER_TEST_SEED=${seed})`, () => {
  let servers: WorkflowServers;
  let endsMs = 0;
  const model = createSessionModel({ limit, idleTimeoutMs });
  beforeAll(async () => {
    servers = await startWorkflowServers();
  }, seconds);
  afterAll(async () => {
    model.close();
    await servers.close();
  }, seconds);

  const until = async (holds: () => boolean, ms: number): Promise<void> => {
    const endMs = performance.now() + ms;
    while (!holds() && performance.now() < endMs) await sleep(50);
  };
  const isOver = (): boolean => performance.now() > endsMs || model.faults.length > 0;
  // What comes too late, or to a session that is not there, is refused; that is no fault.
  const refused = (): undefined => undefined;
  const endForced = (input: SessionInput, force: boolean): Promise<unknown> => {
    model.endedByPeople(input.key);
    return sessionRun(servers, input)
      .executeUpdate(terminateUpdate, { args: [{ force }] })
      .catch(refused);
  };

  /** What the gateway does with one request: admission, the run's answer, the lease. The incarnation that answered. */
  const request = async (
    input: SessionInput,
    { ms, lookedAt = false }: Length,
    suspect?: number,
  ): Promise<number | undefined> => {
    if (!model.admit(input.key)) return undefined;
    let ask: EnsureReadyRequest = suspect === undefined ? {} : { suspect };
    for (let attempt = 1; attempt <= 4; attempt += 1) {
      const answer = await ensureReady(servers, input, ask).catch(refused);
      if (answer?.state !== 'ready') continue;
      const { incarnation } = answer;
      const outcome = await model.request({ key: input.key, incarnation, ms, lookedAt });
      if (outcome === 'answered') return incarnation;
      ask = outcome === 'no-pod' ? { suspect: incarnation } : { unpublished: incarnation };
    }
    return undefined;
  };
  /** As a client that asks until it is answered. */
  const requestUntilAnswered = async (input: SessionInput, length: Length): Promise<number> => {
    for (;;) {
      const incarnation = await request(input, length);
      if (incarnation !== undefined) return incarnation;
      if (performance.now() > endsMs + 40_000 || model.faults.length > 0)
        throw new Error('a request found no place, or no pod, for long');
      await sleep(200);
    }
  };

  /** What to do when a session is next found idle. */
  const awaited = new Map<string, (incarnation: number) => void>();
  const disturb = async (
    { input, incarnation }: { readonly input: SessionInput; readonly incarnation: number },
    how: (typeof disturbances)[number],
  ): Promise<void> => {
    const { key } = input;
    if (how === 'late-stream') await model.requestWhileCut({ key, incarnation, long: true });
    if (how === 'late-request') await model.requestWhileCut({ key, incarnation, long: false });
    if (how === 'lose-redis') model.loseRedis();
    if (how === 'request') await requestUntilAnswered(input, { ms: 50 });
  };

  /** Begins, serves until it was looked at and kept, may hang, is disturbed when it is found idle, and ends for idleness. */
  const liveCalmly = async (input: SessionInput, lane: number): Promise<void> => {
    const how = disturbances[lane % disturbances.length]!;
    const disturbed = new Promise<void>((resolve) => {
      awaited.set(input.key, (incarnation) => resolve(disturb({ input, incarnation }, how)));
    });
    await requestUntilAnswered(input, { ms: idleTimeoutMs, lookedAt: true });
    if (lane % 2 === 1) {
      model.hang(input.key);
      await requestUntilAnswered(input, { ms: 10 });
    }
    await disturbed;
    const { endedBy } = await sessionRun(servers, input).result();
    expect(endedBy).toBe('idle');
    expect({ pods: model.alive(input.key), slot: model.hasSlot(input.key) }).toEqual({ pods: 0, slot: false });
  };

  const liveAnyhow = async (input: SessionInput, random: SeededRandom): Promise<void> => {
    const handle = sessionRun(servers, input);
    const open: Promise<unknown>[] = [];
    let incarnation: number | undefined;
    awaited.set(input.key, (idle) => open.push(disturb({ input, incarnation: idle }, random.pick(disturbances))));
    for (let step = 0; step < 6 && !isOver(); step += 1) {
      const suspect = random.next() < 0.2 ? incarnation : undefined;
      const asked = (ms: number) => request(input, { ms }, suspect).then((seen) => (incarnation = seen ?? incarnation));
      switch (random.pick(steps)) {
        case 'request':
          await asked(random.between(10, 300));
          break;
        case 'stream':
          open.push(asked(random.between(idleTimeoutMs, 3 * idleTimeoutMs)));
          break;
        case 'pause':
          await sleep(random.between(idleTimeoutMs / 2, 3 * idleTimeoutMs));
          break;
        case 'kill':
          model.kill(input.key);
          await handle.signal(podGoneSignal, { podUid: `s-${input.key}-${incarnation ?? 0}` }).catch(refused);
          break;
        case 'hang':
          model.hang(input.key);
          break;
        case 'terminate':
          open.push(endForced(input, random.next() < 0.5));
          break;
        case 'extend':
          open.push(handle.executeUpdate(extendUpdate, { args: [{ seconds: 1 }] }).catch(refused));
          break;
        case 'cut':
          // As a person does it in the Temporal UI: the next run finds the pod.
          await handle.terminate().catch(refused);
          break;
      }
      await sleep(random.between(0, 400));
    }
    for (const one of open) await one;
    const idle = handle.result().catch(refused);
    await Promise.race([idle, sleep(Math.max(0, endsMs - performance.now()))]);
    for (const one of open) await one;
    // Starts a run for what may be left behind by one that was cut.
    await servers.client.workflow
      .executeUpdateWithStart(adoptUpdate, { startWorkflowOperation: sessionStart(input) })
      .catch(refused);
    await endForced(input, true);
    await handle.result().catch(refused);
  };

  it(
    'never have two routable pods, end too early, exceed the limit, or leave anything behind',
    async () => {
      let worker = await servers.startSessionWorker(model.activities);
      model.loseRedis();
      model.whenDraining((key, incarnation) => {
        const act = awaited.get(key);
        awaited.delete(key);
        act?.(incarnation);
      });
      const random = seededRandom(seed);
      endsMs = performance.now() + beginsForMs;
      const inputs: SessionInput[] = [];
      const fresh = (): SessionInput => {
        const input = freshSession({
          class: { ...quickClass, idleTimeoutSeconds: idleTimeoutMs / 1000, drainSeconds: 1 },
        });
        inputs.push(input);
        return input;
      };
      const seeds = Array.from({ length: lanes }, () => Math.floor(random.next() * 2 ** 31));
      let over = false;
      const isDone = (): boolean => over;
      const living = seeds.map(async (own, lane) => {
        await liveCalmly(fresh(), lane);
        const ownRandom = seededRandom(own);
        while (!isOver()) await liveAnyhow(fresh(), ownRandom);
      });
      // What a life throws is often only the consequence of a fault.
      const ended = Promise.all(living).then(
        () => undefined,
        (error: unknown) => error,
      );
      const disturbAll = async (): Promise<void> => {
        for (let count = 1; !isDone(); count += 1) {
          // Not so often that on a slow machine a session is kept for good: Redis that is young keeps it, and then a new record.
          await until(isDone, random.between(2000, 4000) + count * 2000);
          if (isDone()) return;
          model.sweep();
          // Once: a task that a worker takes while it stops may be lost until its ten seconds are over.
          if (count !== 2) model.loseRedis();
          else {
            await worker.stop();
            worker = await servers.startSessionWorker(model.activities);
            model.sweep();
          }
        }
      };
      const disturbing = disturbAll();
      const problem = await ended;
      over = true;
      await disturbing;
      expect(model.faults).toEqual([]);
      expect(problem).toBeUndefined();
      for (const { key } of inputs) expect(model.alive(key)).toBe(0);
      // A test in which nothing happened proves nothing. What happens in the first, calm lives depends on neither seed nor load.
      expect(model.counts.idle).toBeGreaterThanOrEqual(lanes);
      expect(model.counts.unleased).toBeGreaterThanOrEqual(2);
    },
    seconds,
  );
});
