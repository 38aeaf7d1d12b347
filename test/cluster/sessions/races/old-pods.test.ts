import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { podGoneSignal } from '../../../../workflows/session.messages.ts';
import { sharedEnvironment } from '../../../helpers/environment.ts';
import { executePatiently } from '../../../helpers/sessions/rig/client/execute-patiently.ts';
import type { SessionAnswer, SessionClient } from '../../../helpers/sessions/rig/client/session-client.ts';
import { type SessionRig, startSessionRig } from '../../../helpers/sessions/rig/session-rig.ts';
import type { PodChange } from '../../../helpers/sessions/witness/tables.ts';
import { createRaceSteps, isEnding, type RaceSteps } from './race-steps.ts';

jest.setTimeout(180_000);

const environment = await sharedEnvironment();
/** Here nothing is idle for long enough. */
const idleTimeoutSeconds = 600;

describe('what is left of pods that were replaced', () => {
  let rig: SessionRig;
  let alice: SessionClient;
  let bob: SessionClient;
  let steps: RaceSteps;
  beforeAll(async () => {
    rig = await startSessionRig(environment, { node: 'simulated', class: { idleTimeoutSeconds, holdSeconds: 60 } });
    alice = await rig.client({ owner: 'alice' });
    bob = await rig.client({ owner: 'bob' });
    steps = createRaceSteps(rig, alice);
  });
  afterAll(async () => {
    await rig.close();
  });

  const uidOf = ({ row }: SessionAnswer) => row.pod?.podUid;
  const patiently = (client: SessionClient, id: string) => executePatiently(client, id, { body: {}, seconds: 60 });
  const startsOf = async () => {
    const names = rig.gateways.map(({ healthOrigin }) => steps.metric(healthOrigin, 'podkeeper_session_starts_total'));
    return (await Promise.all(names)).reduce((sum, count) => sum + count, 0);
  };

  it('do not take the new route away, however late the old pod goes', async () => {
    const first = await alice.execute('late');
    await alice.at(1).execute('late');
    const [old] = steps.pods('late');
    await steps.holdPod(old!);
    await steps.deletePod(old!);
    await steps.untilPods('late', ([only]) => isEnding(only!));
    const next = await patiently(alice, 'late');
    expect(next).toMatchObject({ status: 200, start: 'healed', json: { count: 1 } });
    expect(uidOf(next)).not.toBe(uidOf(first));
    expect(uidOf(await patiently(alice.at(1), 'late'))).toBe(uidOf(next));
    const starts = await startsOf();

    // The old one's end reaches gateways and run only now, and the run twice more.
    await steps.letGo(old!);
    await steps.untilPods('late', (pods) => pods.some(({ uid, type }) => uid === old!.uid && type === 'DELETED'));
    await steps.run('late').signal(podGoneSignal, { podUid: old!.uid });
    for (let time = 0; time < 10; time += 1) {
      const answer = await alice.at(time % 2).execute('late');
      expect(answer).toMatchObject({ status: 200, start: 'existing' });
      expect(uidOf(answer)).toBe(uidOf(next));
    }
    await steps.run('late').signal(podGoneSignal, { podUid: old!.uid });
    expect(await alice.execute('late')).toMatchObject({ status: 200, start: 'existing', json: { count: 13 } });
    expect(await startsOf()).toBe(starts);
    expect(steps.pods('late')).toHaveLength(2);
  });

  it('get nothing of a session whose address another one took over', async () => {
    const first = await bob.execute('robbed');
    const thief = await alice.execute('thief');
    const [robbed, taker] = [steps.pods('robbed')[0]!, steps.pods('thief')[0]!];
    expect(robbed.address).not.toBe(taker.address);
    // As when a node gives a pod's address to another pod and nobody has told the gateway yet.
    await giveAddress(taker, robbed.address);
    await steps.untilPods('thief', ([only]) => only!.address === robbed.address);

    // Gateway 1 has no connection to either yet, gateway 0 has one that was proved.
    const secret = { secret: 'of bob' };
    const answers = await Promise.all([1, 0, 1, 0].map((gateway) => bob.at(gateway).execute('robbed', secret)));
    // For its run, which asks it for its proof, the pod is lost: they are held for the next one.
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    const uids = new Set(answers.map(uidOf));
    expect([uids.size, uids.has(robbed.uid), uids.has(taker.uid)]).toEqual([1, false, false]);
    expect(answers.map(({ row }) => row.pod?.sessionKey)).toEqual(Array(4).fill(first.row.pod?.sessionKey));
    const { podRequests, requests } = await rig.witness.evidence();
    const ofBob = new Set(
      requests.filter(({ session }) => session === '/bob/robbed').map(({ requestId }) => requestId),
    );
    expect(ofBob.size).toBeGreaterThanOrEqual(5);
    const reached = podRequests.filter(({ podUid, requestId }) => podUid === taker.uid && ofBob.has(requestId ?? ''));
    expect(reached).toEqual([]);
    // What it was asked at all is what its own owner asked, and proofs.
    const asked = podRequests.filter(({ podUid }) => podUid === taker.uid).map(({ path }) => path);
    expect(asked.filter((path) => path === '/execute')).toHaveLength(1);
    expect(uidOf(thief)).toBe(taker.uid);
  });

  const giveAddress = ({ name }: PodChange, address: string) =>
    rig.kubernetes.call({
      method: 'PATCH',
      path: `/api/v1/namespaces/${rig.namespace}/pods/${name}/status`,
      contentType: 'application/merge-patch+json',
      body: { status: { podIP: address, podIPs: [{ ip: address }] } },
    });

  it('kept all promises', async () => {
    const endedOnPurpose = ['late', 'robbed'];
    expect(await rig.witness.check({ idleTimeoutSeconds, limit: 1000, graceSeconds: 30, endedOnPurpose })).toEqual([]);
  });
});
