import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { createKubernetesAccess, type KubernetesAccess } from '../../../dev/environment/servers/kubernetes-access.ts';
import { createKubernetesClient } from '../../../platform/kubernetes/client/client.ts';
import { sharedEnvironment } from '../../helpers/environment.ts';
import { type CuttingProxy, startCuttingProxy } from '../../helpers/kubernetes/cutting-proxy.ts';
import { deriveKubeconfig, serverOf } from '../../helpers/kubernetes/derive-kubeconfig.ts';
import { type FollowOptions, type Following, follow, words } from '../../helpers/kubernetes/follow.ts';
import { podBody } from './cluster.ts';

const namespace = `reflector-${process.pid}`;
const podsPath = `/api/v1/namespaces/${namespace}/pods`;
const podCount = 30;
const aheadOfAll = '90000000000000';

describe('a reflector at a real API server', () => {
  jest.setTimeout(60_000);
  let folder: string;
  let kubeconfig: string;
  let proxied: string;
  let nobody: string;
  let access: KubernetesAccess;
  let proxy: CuttingProxy;
  const followers: Following[] = [];
  const start = async (path: string, options: FollowOptions = {}) => {
    const following = await follow(path, { path: podsPath, ...options });
    followers.push(following);
    return following;
  };

  beforeAll(async () => {
    const environment = await sharedEnvironment();
    folder = await mkdtemp(join(tmpdir(), 'podkeeper-reflector-'));
    kubeconfig = environment.kubeconfig();
    proxy = await startCuttingProxy(await serverOf(kubeconfig));
    [proxied, nobody] = [join(folder, 'proxied'), join(folder, 'nobody')];
    await deriveKubeconfig({ from: kubeconfig, to: nobody, as: 'nobody' });
    const { origin } = await deriveKubeconfig({
      from: kubeconfig,
      to: proxied,
      server: `https://127.0.0.1:${proxy.port}`,
    });
    access = await createKubernetesAccess(join(dirname(environment.statePath), 'pki'), origin);
    await access.create('/api/v1/namespaces', { metadata: { name: namespace } });
    for (let index = 0; index < podCount; index++) await access.create(podsPath, podBody(`pod-${index}`));
  });
  afterEach(async () => {
    await Promise.all(followers.splice(0).map((following) => following.stop()));
  });
  afterAll(async () => {
    await access.call({ path: `/api/v1/namespaces/${namespace}`, method: 'DELETE' });
    proxy.close();
    await rm(folder, { recursive: true });
  });

  it('begins a new epoch when it comes with a version that the server has not reached (a restored etcd)', async () => {
    const known = new Map([['lost', { namespace, name: 'lost', version: aheadOfAll }]]);
    const { until, events } = await start(kubeconfig, { known, fromVersion: aheadOfAll });
    await until((all) => all.some(({ kind }) => kind === 'relisted'));
    expect(words(events)[0]).toBe('epoch');
    expect(events.filter((event) => event.kind === 'added')).toHaveLength(podCount);
    expect(events.at(-3)).toMatchObject({ kind: 'deleted', uid: 'lost', inferred: true });
    expect(events.at(-2)).toMatchObject({ kind: 'gap', fromVersion: aheadOfAll, epochChanged: true });
  });

  it('says which permission is missing, as the access review does', async () => {
    const { reflector, connection, metrics } = await start(nobody);
    while (reflector.missingPermission === null) await sleep(10);
    expect(reflector.missingPermission).toEqual({ verb: 'list', resource: 'pods' });
    const client = createKubernetesClient({ connection, metrics });
    const attributes = { verb: 'list', resource: 'pods', namespace };
    expect(await client.canI({ attributes })).toMatchObject({ allowed: false });
    const { connection: allowed } = await start(kubeconfig);
    expect(await createKubernetesClient({ connection: allowed, metrics }).canI({ attributes })).toMatchObject({
      allowed: true,
    });
  });

  it('reads many pages over few TLS connections, and leaves none open', async () => {
    const before = proxy.connectionCount;
    const { until, events, stop } = await start(proxied, { pageSize: 1 });
    await until((all) => all.some(({ kind }) => kind === 'relisted'));
    expect(events.filter(({ kind }) => kind === 'added')).toHaveLength(podCount);
    expect(proxy.connectionCount - before).toBeLessThanOrEqual(4);
    await stop();
    while (proxy.openCount > 0) await sleep(10);
  });

  it('sees with a label selector what comes into it and what leaves it', async () => {
    const { until, events } = await start(kubeconfig, { labelSelector: 'in=scope' });
    await until((all) => all.length === 1);
    const label = async (value: string) => {
      const { body } = await access.call({ path: `${podsPath}/pod-0` });
      const object = JSON.parse(body) as { metadata: { labels?: object } };
      object.metadata.labels = { in: value };
      await access.call({ path: `${podsPath}/pod-0`, method: 'PUT', body: object });
    };
    await label('scope');
    await label('elsewhere');
    await until((all) => all.length === 3);
    expect(events.map(({ kind }) => kind)).toEqual(['relisted', 'added', 'deleted']);
    expect(events[2]).toMatchObject({ name: 'pod-0', inferred: false });
  });

  it('has a client that gets pods and nodes as they are', async () => {
    const { connection, metrics } = await start(kubeconfig);
    const client = createKubernetesClient({ connection, metrics });
    expect(await client.getPod({ namespace, name: 'absent' })).toBeNull();
    expect(await client.getNode({ name: 'absent' })).toBeNull();
    const found = await client.getPod({ namespace, name: 'pod-1' });
    expect(found?.metadata).toMatchObject({ namespace, name: 'pod-1' });
    expect(found?.metadata?.creationTimestamp).toMatch(/^\d{4}-\d\d-\d\dT/);
  });
});
