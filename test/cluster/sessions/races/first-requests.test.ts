import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { sharedEnvironment } from '../../../helpers/environment.ts';
import type { SessionClient } from '../../../helpers/sessions/rig/client/session-client.ts';
import { type SessionRig, startSessionRig } from '../../../helpers/sessions/rig/session-rig.ts';
import { until } from '../../../helpers/sessions/rig/until.ts';
import { createRaceSteps, type RaceSteps } from './race-steps.ts';

jest.setTimeout(180_000);

const environment = await sharedEnvironment();
/** Here nothing is idle for long enough. */
const idleTimeoutSeconds = 600;
/** Requests that may wait for one session at one gateway. */
const mostWaiters = 100;

describe('many first requests for one session at once', () => {
  let rig: SessionRig;
  /** One owner; a gateway takes 64 connections from one address, so a hundred requests come from two. */
  let clients: readonly SessionClient[];
  let steps: RaceSteps;
  beforeAll(async () => {
    rig = await startSessionRig(environment, {
      node: 'simulated',
      class: { idleTimeoutSeconds },
      classes: { nowhere: { nodeSelector: { nobody: 'has' }, holdSeconds: 120 } },
    });
    clients = await Promise.all([0, 0, 1, 1].map((gateway) => rig.client({ owner: 'alice', gateway })));
    steps = createRaceSteps(rig, await rig.client({ owner: 'alice' }));
  });
  afterAll(async () => {
    await rig.close();
  });

  const requests = (id: string, through: readonly SessionClient[], className = 'default') =>
    through.flatMap((client) =>
      Array.from({ length: mostWaiters / 2 }, () =>
        client.execute(id, {}, { headers: { 'x-podkeeper-class': className } }),
      ),
    );
  const untilWaiting = (gateway: number, count: number) =>
    until(() => steps.metric(rig.gateways[gateway]!.healthOrigin, 'podkeeper_session_waiters'), {
      seconds: 60,
      when: (waiting) => waiting === count,
    });

  it('make one pod, which answers all 200 of them, through two gateways', async () => {
    // Nobody works on starts until all of them wait: no luck is needed for "at once".
    rig.workers[0]!.signal('SIGSTOP');
    const answering = Promise.all(requests('at-once', clients));
    await Promise.all([untilWaiting(0, mostWaiters), untilWaiting(1, mostWaiters)]);
    rig.workers[0]!.signal('SIGCONT');
    const answers = await answering;
    expect(answers.filter(({ status }) => status !== 200).map(({ status, text }) => [status, text])).toEqual([]);
    expect(steps.pods('at-once')).toHaveLength(1);
    expect(new Set(answers.map(({ row }) => row.pod?.podUid))).toEqual(new Set([steps.pods('at-once')[0]!.uid]));
    // Each was served once.
    const counts = answers.map(({ json }) => (json as { count: number }).count).sort((one, other) => one - other);
    expect(counts).toEqual(Array.from({ length: 2 * mostWaiters }, (_, index) => index + 1));
    expect(new Set(answers.map(({ start }) => start))).toEqual(new Set(['cold']));
  });

  it('are refused from the 101st at one gateway on, and DELETE answers all that wait', async () => {
    const [one, two] = clients as [SessionClient, SessionClient];
    const waiting = Promise.all(requests('crowded', [one, two], 'nowhere'));
    await untilWaiting(0, mostWaiters);
    const refused = await one.execute('crowded', {}, { headers: { 'x-podkeeper-class': 'nowhere' } });
    expect(refused).toMatchObject({ status: 429, code: 'too_many_waiters' });
    const retryAfter = Number(refused.headers['retry-after']);
    expect(retryAfter).toBeGreaterThanOrEqual(5);
    expect(retryAfter).toBeLessThanOrEqual(15);
    await steps.untilState('crowded', 'Starting');
    expect([204, 202]).toContain((await one.remove('crowded')).status);
    const answers = await waiting;
    expect(new Set(answers.map(({ status, code }) => `${status} ${code}`))).toEqual(new Set(['409 session_deleted']));
    await untilWaiting(0, 0);
    await steps.untilPods('crowded', (pods) => pods.every(({ type }) => type === 'DELETED'));
    expect(steps.pods('crowded')).toHaveLength(1);
  });

  it('kept all promises', async () => {
    const endedOnPurpose = ['crowded'];
    expect(await rig.witness.check({ idleTimeoutSeconds, limit: 1000, graceSeconds: 30, endedOnPurpose })).toEqual([]);
  });
});
