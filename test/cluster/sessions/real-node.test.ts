import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { sharedEnvironment } from '../../helpers/environment.ts';
import type { SessionClient } from '../../helpers/sessions/rig/client/session-client.ts';
import { type SessionRig, startSessionRig } from '../../helpers/sessions/rig/session-rig.ts';
import { until } from '../../helpers/sessions/rig/until.ts';

jest.setTimeout(120_000);

const environment = await sharedEnvironment();
// Simulated nodes run nothing; CI does not let a skipped test pass.
const onRealNode = environment.state.node === 'real' ? describe : describe.skip;
if (environment.state.node !== 'real')
  console.error(`No sessions on a real node: ${environment.state.reason ?? 'asked so'}`);

const idleTimeoutSeconds = 6;
/** A machine with much else to do is late; how late is measured elsewhere. */
const lateSeconds = 30;

onRealNode('sessions on a real node', () => {
  let rig: SessionRig;
  let alice: SessionClient;
  beforeAll(async () => {
    const resources = (memory: string) => ({
      requests: { cpu: '10m', memory: '48Mi' },
      limits: { cpu: '500m', memory },
    });
    rig = await startSessionRig(environment, {
      node: 'real',
      class: { idleTimeoutSeconds },
      classes: {
        nowhere: { nodeSelector: { nobody: 'has' } },
        'no-image': { image: 'local.test/nowhere:1' },
        small: { resources: resources('96Mi') },
      },
      env: { POD_CREATION_TIMEOUT: '12' },
    });
    alice = await rig.client({ owner: 'alice' });
  });
  afterAll(async () => {
    await rig.close();
  });

  const podsOf = (id: string) =>
    new Set(rig.witness.changes().flatMap((pod) => (pod.sessionId === id ? [pod.uid] : [])));
  const isRemoved = (uid: string) =>
    rig.witness.changes().some((pod) => pod.uid === uid && (pod.deletedMs !== null || pod.type === 'DELETED'));
  const untilRemoved = (uid: string) => until(() => isRemoved(uid), { seconds: idleTimeoutSeconds + lateSeconds });
  /** The pod's own way out, whose answer may be cut. */
  const crash = (id: string) => alice.call({ id, path: 'proxy/exit?code=3', body: {} }).catch(() => undefined);

  it('begin with the first request, and every later one reaches the same pod through every gateway', async () => {
    const first = await alice.execute('one', { say: 'hello' });
    expect(first).toMatchObject({
      status: 200,
      start: 'cold',
      json: { sessionId: 'one', count: 1, echo: { say: 'hello' } },
    });
    const second = await alice.at(1).execute('one', { say: 'again' });
    expect(second).toMatchObject({ status: 200, start: 'existing', json: { count: 2 } });
    expect(second.row.pod).toEqual(first.row.pod);
    expect(podsOf('one').size).toBe(1);
  });

  it("belong to their owner: another owner's session of the same id is another session", async () => {
    const bob = await rig.client({ owner: 'bob' });
    const { row: own } = await alice.execute('same');
    const { row: other, json } = await bob.execute('same');
    expect(json).toMatchObject({ count: 1 });
    expect(other.pod?.sessionKey).not.toBe(own.pod?.sessionKey);
  });

  it('are removed when they were idle for so long, not while an answer or a WebSocket is open, and begin anew', async () => {
    const ids = ['idle', 'stream', 'socket'];
    const first = await Promise.all(ids.map((id) => alice.execute(id)));
    const [idle = '', ...busy] = first.map(({ row }) => row.pod?.podUid ?? '');
    const socket = await alice.openSocket('socket', { gateway: 1 });
    const seconds = idleTimeoutSeconds * 2;
    const pieces: string[] = [];
    const streaming = alice.get('stream', `stream?seconds=${seconds}`, { onData: (text) => pieces.push(text) });
    await untilRemoved(idle);
    const again = await alice.execute('idle');
    expect(again).toMatchObject({ status: 200, start: 'cold', json: { count: 1 } });
    expect(again.row.pod?.incarnation).toBeGreaterThan(first[0]?.row.pod?.incarnation ?? 0);

    const streamed = await streaming;
    expect(streamed.status).toBe(200);
    expect(streamed.text.match(/^data: /gm)).toHaveLength(seconds);
    expect(pieces.length).toBeGreaterThan(1);
    expect(await socket.echo('still here')).toBe('still here');
    expect(busy.map(isRemoved)).toEqual([false, false]);
    socket.close();
    await Promise.all(busy.map(untilRemoved));
  });

  it('heal when their container ends: the next request has a new pod', async () => {
    const first = await alice.execute('crash');
    await crash('crash');
    const next = await until(() => alice.execute('crash'), { seconds: 40, when: ({ status }) => status === 200 });
    expect(next).toMatchObject({ start: 'healed', json: { count: 1 } });
    expect(next.row.pod?.incarnation).toBeGreaterThan(first.row.pod?.incarnation ?? 0);
  });

  it('heal when their pod is deleted behind their back', async () => {
    const first = await alice.execute('deleted');
    const { name = '' } = rig.witness.changes().find(({ sessionId }) => sessionId === 'deleted') ?? {};
    const path = `/api/v1/namespaces/${rig.namespace}/pods/${name}`;
    await rig.kubernetes.call({ method: 'DELETE', path, query: { gracePeriodSeconds: '0' } });
    const next = await until(() => alice.at(1).execute('deleted'), {
      seconds: 40,
      when: ({ status }) => status === 200,
    });
    expect(next.row.pod?.podUid).not.toBe(first.row.pod?.podUid);
    expect(next.json).toMatchObject({ count: 1 });
  });

  it('heal when their container runs out of memory', async () => {
    const asked = { headers: { 'x-podkeeper-class': 'small' } };
    const first = await alice.execute('oom', {}, asked);
    expect(first.status).toBe(200);
    await alice.call({ id: 'oom', path: 'proxy/fill', body: {} }).catch(() => undefined);
    const next = await until(() => alice.execute('oom', {}), { seconds: 40, when: ({ status }) => status === 200 });
    expect(next.row.pod?.podUid).not.toBe(first.row.pod?.podUid);
    await until(
      () => rig.witness.changes().some(({ uid, phase }) => uid === first.row.pod?.podUid && phase === 'Failed'),
      { seconds: 20 },
    );
  });

  it('say why they can not start: no node has room, no such image', async () => {
    const ask = (id: string, name: string) => alice.execute(id, {}, { headers: { 'x-podkeeper-class': name } });
    const isDecided = ({ code }: { readonly code: string | undefined }) => code !== 'starting';
    const [nowhere, image] = await Promise.all([
      until(() => ask('nowhere', 'nowhere'), { seconds: 60, when: isDecided }),
      until(() => ask('no-image', 'no-image'), { seconds: 60, when: isDecided }),
    ]);
    expect(nowhere).toMatchObject({
      status: 503,
      code: 'unschedulable',
      json: { detail: expect.stringContaining('node') },
    });
    expect(image).toMatchObject({
      status: 502,
      code: 'image_error',
      json: { detail: expect.stringContaining('nowhere') },
    });
    expect(await ask('no-image', 'no-image')).toMatchObject({ code: 'image_error' });
  });

  it('end with DELETE, and their state with them', async () => {
    await alice.execute('ended');
    expect((await alice.remove('ended')).status).toBe(204);
    const { status, json } = await alice.status('ended');
    expect({ status, json }).toMatchObject({ status: 404, json: { code: 'not_found' } });
    expect(await alice.execute('ended')).toMatchObject({ status: 200, json: { count: 1 } });
  });

  it('kept all promises, as those saw it who have no part in keeping them', async () => {
    await sleep(1000);
    const endedOnPurpose = ['ended', 'deleted', 'crash', 'oom'];
    expect(await rig.witness.check({ idleTimeoutSeconds, limit: 1000, graceSeconds: 30, endedOnPurpose })).toEqual([]);
    // The same witnesses do tell what they are asked for: removals after 6 s are too early for 60 s, and two sessions are above one.
    const strict = await rig.witness.check({ idleTimeoutSeconds: 60, limit: 1, graceSeconds: 30, endedOnPurpose });
    expect(new Set(strict.map((text) => text.slice(0, 1)))).toEqual(new Set(['3', '5']));
    const { requests, podRequests } = await rig.witness.evidence();
    const served = requests.filter(({ path, status }) => path === 'execute' && status === 200);
    const logged = new Set(podRequests.map(({ requestId }) => requestId));
    expect(served.filter(({ requestId }) => !logged.has(requestId))).toEqual([]);
  });
});
