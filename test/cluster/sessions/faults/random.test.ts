import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Redis } from 'ioredis';
import { seededRandom, testSeed } from '../../../helpers/seeded-random.ts';
import { type FaultEnvironment, openFaultEnvironment } from '../../../helpers/sessions/load/fault-environment.ts';
import type { LoadFailure } from '../../../helpers/sessions/load/session-load.ts';
import { idleTimeoutSeconds, limit } from '../../../helpers/sessions/load/fault-rig.ts';

jest.setTimeout(400_000);

const seed = testSeed();
const faultsSeconds = 45;
/** Sessions that are asked once and then left alone come and go meanwhile; never so many that the limit is passed. */
const visitors = 4;

/** What a client sees of a gateway that is gone, before it goes to the other one. Sessions that have a pod see little else. */
const cut = /^(ECONNREFUSED|ECONNRESET|EPIPE|UND_ERR_SOCKET|other side closed)$/;
/** What a request may see besides whose session has to start, or to be called back. */
const notYet =
  /^(503 (starting|shutting_down|admission_unavailable|admission_rebuilding|orchestrator_unavailable|kubernetes_unavailable) retryable|429 cluster_limit retryable)$/;

/** A session whose record Redis lost has it back from its run: while Temporal or a worker is away as well, it is told to come again. */
const lost = /^503 (starting|orchestrator_unavailable) retryable$/;
/** How long runs may take to answer again: tasks that were with the killed one come back after 10 s, on a busy machine several times. */
const backMs = 60_000;

describe('sessions under load and several faults at once', () => {
  let opened: FaultEnvironment;
  beforeAll(async () => {
    opened = await openFaultEnvironment({ workers: 2 });
  });
  afterAll(async () => {
    await opened.close();
  });

  it(`keep all promises whatever comes, and are all served in the end (PODKEEPER_TEST_SEED=${seed})`, async () => {
    const random = seededRandom(seed);
    const { environment, faults } = opened;
    const { rig } = faults;
    const redisAway = async (signals: readonly ['SIGKILL'] | readonly ['SIGSTOP', 'SIGCONT'], ms: number) => {
      await rig.redis().signal(signals[0]);
      await sleep(ms);
      await (signals[0] === 'SIGKILL' ? rig.redis().restart() : rig.redis().signal(signals[1]));
    };
    const again = async (process: (typeof rig.gateways)[number] | undefined, how: 'kill' | 'stop') => {
      await process?.[how]();
      process?.start();
      await process?.untilReady();
    };
    const kinds: Readonly<Record<string, (ms: number, number: number) => Promise<void>>> = {
      'redis killed': (ms) => redisAway(['SIGKILL'], ms),
      'redis hangs': (ms) => redisAway(['SIGSTOP', 'SIGCONT'], ms),
      'redis emptied': async () => {
        const redis = new Redis({ ...rig.redisAddress });
        await redis.flushall();
        redis.disconnect();
      },
      'gateway killed': (_, number) => again(rig.gateways[number], 'kill'),
      'gateway restarted': (_, number) => again(rig.gateways[number], 'stop'),
      'worker killed': (_, number) => again(rig.workers[number], 'kill'),
      'temporal killed': async (ms) => {
        await environment.kill('temporal');
        await sleep(ms);
        await environment.start('temporal');
      },
      'API server killed': async (ms) => {
        await environment.kill('kube-apiserver');
        await sleep(ms);
        await environment.start('kube-apiserver');
        await rig.witness.watchAgain();
      },
    };
    // Of one server or kind of process only one at a time.
    const lanes = [
      ['redis killed', 'redis hangs', 'redis emptied'],
      ['gateway killed', 'gateway restarted'],
      ['worker killed'],
      ['temporal killed', 'API server killed'],
    ] as const;
    const untilMs = Date.now() + faultsSeconds * 1000;
    const outages: { name: string; fromMs: number; toMs: number }[] = [];
    const run = async (names: readonly string[], own: ReturnType<typeof seededRandom>) => {
      await sleep(own.between(0, 8000));
      while (Date.now() < untilMs) {
        const name = own.pick(names);
        const number = own.pick([0, 1]);
        const outage = { name, fromMs: Date.now(), toMs: Infinity };
        outages.push(outage);
        await kinds[name]?.(own.between(200, 6000), number);
        outage.toMs = Date.now();
        await sleep(own.between(1000, 8000));
      }
    };
    /** What the visitors were told. */
    const told = new Set<string>();
    const visit = async (number: number) => {
      const own = seededRandom(seed + number);
      for (let turn = 0; Date.now() < untilMs; turn += 1) {
        const { what } = await faults.ask(`visitor-${number}-${turn % 2}`);
        told.add(what);
        await sleep(own.between(500, 1.5 * idleTimeoutSeconds * 1000));
      }
    };
    const seeds = lanes.map(() => Math.floor(random.next() * 2 ** 31));
    await Promise.all([
      ...lanes.map((names, lane) => run(names, seededRandom(seeds[lane] ?? 0))),
      ...Array.from({ length: visitors }, (_, number) => visit(number)),
    ]).finally(() => {
      const lines = outages.map(({ name, fromMs, toMs }) => `${name} ${fromMs} to ${toMs}`);
      console.error([`Seed ${seed}:`, ...lines].join('\n'));
    });

    expect([...told].filter((what) => what !== '200' && !cut.test(what) && !notYet.test(what))).toEqual([]);
    const wasLost = ({ what, atMs, endMs }: LoadFailure) =>
      lost.test(what) &&
      outages.some(({ name, fromMs }) => name === 'redis emptied' && fromMs < endMs) &&
      outages.some(
        ({ name, fromMs, toMs }) =>
          ['temporal killed', 'worker killed'].includes(name) && fromMs < endMs && toMs + backMs > atMs,
      );
    const failures = await faults.recovered();
    expect(failures.filter((failure) => !cut.test(failure.what) && !wasLost(failure))).toEqual([]);
    for (const id of faults.ids) expect(faults.load.podsOf(id)).toHaveLength(1);
    expect(await rig.witness.check({ idleTimeoutSeconds, limit, graceSeconds: 120 })).toEqual([]);
  });
});
