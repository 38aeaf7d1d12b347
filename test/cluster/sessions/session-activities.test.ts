import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { SessionPodRef } from '../../../domain/sessions/state/session-life.ts';
import { sessionAnnotations, sessionPodName } from '../../../domain/sessions/identity/session-names.ts';
import type { StartSeen } from '../../../activities/sessions/session-activities.ts';
import { sharedEnvironment } from '../../helpers/environment.ts';
import { valueOf } from '../../helpers/sessions/session-redis.ts';
import { createSessionRig, namespace, plainClass, type SessionRig } from './session-rig.ts';

jest.setTimeout(120_000);

const environment = await sharedEnvironment();
// Simulated nodes run nothing; CI does not let a skipped test pass.
const onRealNode = environment.state.node === 'real' ? it : it.skip;
if (environment.state.node !== 'real')
  console.error(`No tests of session activities: ${environment.state.reason ?? 'asked so'}`);

describe('the activities of a session, on a real cluster', () => {
  let rig: SessionRig;
  beforeAll(async () => {
    rig = await createSessionRig(environment);
  });
  afterAll(() => rig.close());

  const follow = (pod: SessionPodRef, waitMs = 60_000): Promise<StartSeen> =>
    rig.run('followStart', { cluster: rig.cluster, pod, port: 8080, probePath: '/healthz', waitMs });
  const annotation = async (name: string) =>
    (await rig.pods.get({ namespace, name }))?.metadata?.annotations?.[sessionAnnotations.ready];
  /** A pod that no node takes and whose owner nobody has proved. */
  const forge = async (name: string, labels: Record<string, string>) => {
    const spec = {
      schedulingGates: [{ name: 'test/never' }],
      containers: [{ name: 'main', image: 'local.test/none:1' }],
    };
    const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name, labels }, spec };
    const answer = await rig.pods.create({ namespace, name, pod });
    return answer === 'exists' ? '' : (answer.created.metadata?.uid ?? '');
  };

  onRealNode('a pod is made, followed until it is ready, published, kept, and deleted', async () => {
    const { ref, create, list } = rig.newSession();
    const made = await create(7);
    expect(made).toMatchObject({ namespace, incarnation: 7, address: '', node: '' });
    expect(await annotation(made.name)).toBeUndefined();
    // A second try, after the first one's answer was lost.
    expect(await create(7)).toEqual(made);
    const ready = await follow(made);
    expect(ready).toMatchObject({ state: 'ready', node: 'real-1' });
    expect(await annotation(made.name)).toBe('7');
    const pod = { ...made, ...(ready.state === 'ready' && { address: ready.address, node: ready.node }) };

    const lease = { key: ref.key, incarnation: 7 };
    expect(await valueOf(rig.leases.acquire(lease))).toBe('missing');
    await rig.run('publishSession', { ...ref, pod, start: 'cold', startMs: 5 });
    expect(await valueOf(rig.leases.acquire(lease))).toBe('granted');
    expect(await rig.run('hasLeases', { ...ref, incarnation: 7 })).toBe(true);
    // Who asks that ends the session: no new lease from here on.
    expect(await valueOf(rig.leases.acquire(lease))).toBe('draining');
    const decide = (idleTimeoutMs: number) => rig.run('decideIdle', { ...ref, pod, idleTimeoutMs, runId: 'run-1' });
    const seal = (forIdleness: boolean) => rig.run('sealSession', { ...ref, incarnation: 7, forIdleness });
    expect(await decide(1)).toMatchObject({ keep: 'redis-restarted' });
    await rig.ageEpoch();
    expect(await decide(1)).toMatchObject({ keep: 'request-in-flight' });
    expect(await seal(true)).toBe(false);

    const probe = { port: 8080, path: '/healthz' };
    expect(await rig.run('isPodAlive', { cluster: rig.cluster, pod, probe })).toBe(true);
    expect(await rig.run('isPodAlive', { cluster: rig.cluster, pod: { ...pod, uid: 'other' } })).toBe(false);
    expect(await rig.run('isPodAlive', { cluster: rig.cluster, pod, probe: { port: 8081, path: '/' } })).toBe(false);
    const busy = () => rig.run('isBusy', { ...ref, pod, port: 8080, path: '/busy', identity: 'none' });
    expect(await busy()).toBe(false);
    const body = JSON.stringify({ busy: true });
    const headers = { 'content-type': 'application/json' };
    expect((await fetch(`http://${pod.address}:8080/busy`, { method: 'POST', body, headers })).status).toBe(200);
    expect(await busy()).toBe(true);

    await valueOf(rig.leases.release(lease, 5000));
    expect(await decide(1)).toMatchObject({ keep: null });
    expect(await rig.run('callBack', { ...ref, incarnation: 7 })).toBe(true);
    expect(await decide(60_000)).toMatchObject({ keep: 'recent-activity' });
    expect(await decide(1)).toMatchObject({ keep: null });
    expect(await seal(true)).toBe(true);
    expect(await rig.run('callBack', { ...ref, incarnation: 7 })).toBe(false);
    const [there] = await list();
    expect(there?.metadata?.deletionTimestamp).toBeUndefined();
    expect(await rig.run('deleteSessionPod', { ...ref, incarnation: 7, namespace, reason: 'idle' })).toEqual({
      gone: true,
    });
    expect(await rig.pods.get({ namespace, name: pod.name })).toBeNull();
    expect(await rig.run('deleteSessionPod', { ...ref, incarnation: 7, namespace, reason: 'idle' })).toEqual({
      gone: true,
    });
    expect(await rig.run('isPodAlive', { cluster: rig.cluster, pod })).toBe(false);
    await rig.run('releaseSlot', { ...ref, runId: 'run-1' });
    expect(rig.logged()).not.toContain(ref.key);
    expect(rig.logged()).not.toContain('alice');
  });

  onRealNode('the highest pod that is ours is taken over; older and forged ones are deleted', async () => {
    const { ref, create, list } = rig.newSession();
    const never = { resources: { requests: { cpu: '1000' }, limits: { cpu: '1000' } } };
    await create(5, never);
    const highest = await create(6, never);
    const labels = (await list())[0]?.metadata?.labels ?? {};
    await forge(sessionPodName(ref.key, 9), { ...labels, 'podkeeper.dev/incarnation': '9' });
    const found = await rig.run('discoverSession', { ...ref, namespaces: [namespace] });
    expect(found).toEqual({ pod: highest, highestIncarnation: 6 });
    expect((await list()).map(({ metadata }) => metadata?.uid)).toEqual([highest.uid]);
    await rig.pods.delete({ ...highest, graceSeconds: 0 });
    expect(await rig.run('discoverSession', { ...ref, namespaces: [namespace] })).toEqual({
      pod: null,
      highestIncarnation: 0,
    });
  });

  onRealNode("another's pod of the name is deleted, and the next try makes ours", async () => {
    const { ref, create } = rig.newSession();
    const forged = await forge(sessionPodName(ref.key, 7), {});
    await expect(create(7)).rejects.toMatchObject({ type: 'pod_name_taken', nonRetryable: false });
    const made = await create(7);
    expect(made.uid).not.toBe(forged);
  });

  onRealNode('an image that is nowhere is an image_error', async () => {
    const { create } = rig.newSession();
    const seen = await follow(await create(7, { image: 'local.test/nowhere:1' }));
    expect(seen).toMatchObject({ state: 'failed', code: 'image_error', detail: expect.stringContaining('nowhere') });
  });

  onRealNode('a pod that exits before it is ready is a start_crash', async () => {
    const { create } = rig.newSession();
    // Its server can't listen there.
    const seen = await follow(await create(7, { env: { HOST: 'not an address' } }));
    expect(seen).toMatchObject({ state: 'failed', code: 'start_crash' });
  });

  onRealNode('a pod that no node has room for is waited for, with the reason', async () => {
    const { create } = rig.newSession();
    const resources = { requests: { cpu: '1000' }, limits: { cpu: '1000' } };
    const pod = await create(7, { resources });
    let seen = await follow(pod, 1000);
    for (let more = 0; more < 10 && seen.state === 'waiting' && !seen.reason.includes('Insufficient'); more++) {
      seen = await follow(pod, 1000);
    }
    expect(seen).toMatchObject({ state: 'waiting', reason: expect.stringContaining('Insufficient cpu') });
    const deleted = follow(pod);
    await rig.pods.delete({ ...pod, graceSeconds: 0 });
    expect(await deleted).toMatchObject({ state: 'failed', code: 'pod_gone' });
  });

  onRealNode('a pod that the API server refuses is told with its words', async () => {
    const { create } = rig.newSession();
    const refused = create(7, { image: plainClass.image, resources: { requests: { cpu: '2' }, limits: { cpu: '1' } } });
    await expect(refused).rejects.toMatchObject({ type: 'pod_refused', nonRetryable: true });
    await expect(refused).rejects.toThrow(/^create pods: 422 Invalid: Pod "s-…" .*less than or equal to cpu limit/);
  });
});
