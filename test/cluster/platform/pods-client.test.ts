import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { createPodsClient, type PodsClient } from '../../../platform/kubernetes/client/pods.ts';
import { createConnection, type KubernetesConnection } from '../../../platform/kubernetes/connection/connection.ts';
import { KubernetesError } from '../../../platform/kubernetes/kubernetes-error.ts';
import { createMetrics } from '../../../platform/metrics.ts';
import { sharedEnvironment } from '../../helpers/environment.ts';

const namespace = 'default';
const freshName = () => `pods-client-${randomUUID().slice(0, 13)}`;

/** No node takes it: nothing but the API server decides what becomes of it. */
const gated = (name: string, labels: Record<string, string> = {}) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, labels: { 'test/of': 'pods-client', ...labels } },
  spec: { schedulingGates: [{ name: 'test/never' }], containers: [{ name: 'main', image: 'local.test/none:1' }] },
});

describe('writes to pods, on a real API server', () => {
  let connection: KubernetesConnection;
  let pods: PodsClient;
  const made: string[] = [];
  beforeAll(async () => {
    connection = await createConnection({ kubeconfigPath: (await sharedEnvironment()).kubeconfig() });
    pods = createPodsClient({ connection, metrics: createMetrics() });
  });
  afterAll(async () => {
    for (const name of made) {
      const uid = (await pods.get({ namespace, name }))?.metadata?.uid;
      if (uid !== undefined) await pods.delete({ namespace, name, uid, graceSeconds: 0 });
    }
    await connection.close();
  });

  const create = async (labels?: Record<string, string>) => {
    const name = freshName();
    made.push(name);
    const answer = await pods.create({ namespace, name, pod: gated(name, labels) });
    if (answer === 'exists') throw new Error(`${name} is there already`);
    return { name, uid: answer.created.metadata?.uid ?? '', version: answer.created.metadata?.resourceVersion ?? '' };
  };
  const remake = async ({ name, uid }: { readonly name: string; readonly uid: string }) => {
    await pods.delete({ namespace, name, uid, graceSeconds: 0 });
    await pods.create({ namespace, name, pod: gated(name) });
  };

  it('a pod is created once; the second time says that the name is taken', async () => {
    const { name } = await create();
    expect(await pods.create({ namespace, name, pod: gated(name) })).toBe('exists');
  });

  it('a pod the server does not accept is refused with its words', async () => {
    const refused = pods.create({ namespace, name: 'x', pod: { ...gated(freshName()), spec: { containers: [] } } });
    await expect(refused).rejects.toThrow(KubernetesError);
    await expect(refused).rejects.toThrow(/422 Invalid: .*spec.containers/);
  });

  it('deleting a pod that is gone, or whose name another one has, is done already and touches nothing', async () => {
    const pod = await create();
    expect(await pods.delete({ namespace, ...pod, graceSeconds: 0 })).toBe('deleting');
    expect(await pods.delete({ namespace, ...pod })).toBe('gone');
    const other = await create();
    await remake(other);
    expect(await pods.delete({ namespace, ...other })).toBe('gone');
    expect(await pods.get({ namespace, name: other.name })).not.toBeNull();
  });

  it('metadata is changed of that very pod only', async () => {
    const pod = await create();
    const metadata = { annotations: { 'test/ready': '7' } };
    const changed = await pods.patchMetadata({ namespace, ...pod, metadata });
    expect(changed).toMatchObject({ metadata: { uid: pod.uid, annotations: metadata.annotations } });
    await remake(pod);
    expect(await pods.patchMetadata({ namespace, name: pod.name, uid: pod.uid, metadata })).toBe('gone');
    expect((await pods.get({ namespace, name: pod.name }))?.metadata?.annotations).toBeUndefined();
    expect(await pods.patchMetadata({ namespace, name: 'never-there', uid: pod.uid, metadata })).toBe('gone');
  });

  it('of two who change one version, one wins and the other is told', async () => {
    const pod = await create();
    const claims = ['one', 'two'].map((by) =>
      pods.patchMetadata({ namespace, ...pod, metadata: { labels: { 'test/claimed': by } } }),
    );
    const answers = await Promise.all(claims);
    expect(answers.filter((answer) => answer === 'conflict')).toHaveLength(1);
  });

  it('all pods of a label are listed, over as many pages as it takes, and no other', async () => {
    const label = freshName();
    const names = (await Promise.all(Array.from({ length: 7 }, () => create({ 'test/list': label })))).map(
      ({ name }) => name,
    );
    const listed = (await pods.list({ namespace, labelSelector: `test/list=${label}` })) as {
      metadata: { name: string };
    }[];
    expect(listed.map(({ metadata }) => metadata.name).sort()).toEqual(names.sort());
    expect(await pods.list({ namespace, labelSelector: 'test/list=nobody' })).toEqual([]);
  });
});
