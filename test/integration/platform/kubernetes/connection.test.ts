import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type KubernetesConnection, createConnection } from '../../../../platform/kubernetes/connection/connection.ts';
import { createKubernetesClient } from '../../../../platform/kubernetes/client/client.ts';
import { createMetrics } from '../../../../platform/metrics.ts';
import { answerJson, kubeconfigFor } from '../../../helpers/kubernetes/scripted-api-server.ts';
import { useScriptedServer } from '../../../helpers/kubernetes/use-scripted-server.ts';

describe('a connection made from a kubeconfig', () => {
  const test = useScriptedServer();
  let folder: string;
  let path: string;
  const opened: KubernetesConnection[] = [];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'podkeeper-kubeconfig-'));
    path = join(folder, 'config');
  });
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((connection) => connection.close()));
    await rm(folder, { recursive: true });
  });
  const write = (change: object = {}) =>
    writeFile(path, JSON.stringify({ ...kubeconfigFor(test.server.url, 'secret'), ...change }));
  const connect = async (context?: string) => {
    const connection = await createConnection({ kubeconfigPath: path, ...(context === undefined ? {} : { context }) });
    opened.push(connection);
    return connection;
  };
  const users = (user: object) => ({ users: [{ name: 'test', user }] });

  it('sends the token, or name and password', async () => {
    await write();
    expect((await (await connect()).endpoint()).headers).toEqual({ authorization: 'Bearer secret' });
    await write(users({ username: 'me', password: 'pass' }));
    expect((await (await connect()).endpoint()).headers).toEqual({ authorization: `Basic ${btoa('me:pass')}` });
  });

  it('keeps the path of a server behind a gateway', async () => {
    const cluster = { server: `${test.server.url}/k8s/clusters/c-1/`, 'insecure-skip-tls-verify': true };
    await write({ clusters: [{ name: 'test', cluster }] });
    const connection = await connect();
    test.server.script('other', answerJson({ kind: 'Pod' }));
    const client = createKubernetesClient({ connection, metrics: createMetrics() });
    await client.getPod({ namespace: 'a', name: 'b' });
    expect(test.server.requests[0]?.path).toBe('/k8s/clusters/c-1/api/v1/namespaces/a/pods/b');
  });

  it('takes the context it is told', async () => {
    const other = { name: 'other', context: { cluster: 'test', user: 'nobody' } };
    await write({ contexts: [...kubeconfigFor(test.server.url, '').contexts, other] });
    expect((await (await connect('other')).endpoint()).headers).toEqual({});
  });

  it('shares its agents between requests, and has new ones when the certificate has other content', async () => {
    const [first, second] = [btoa('one'), btoa('two')];
    await write(users({ 'client-certificate-data': first, 'client-key-data': first }));
    const connection = await connect();
    const one = await connection.endpoint();
    await connection.reloadCredentials();
    const same = await connection.endpoint();
    expect(same.unary).toBe(one.unary);
    expect(same.watch).toBe(one.watch);
    expect(one.watch).not.toBe(one.unary);
    await write(users({ 'client-certificate-data': second, 'client-key-data': second }));
    await connection.reloadCredentials();
    const other = await connection.endpoint();
    expect(other.unary).not.toBe(one.unary);
    expect(other.watch).not.toBe(one.watch);
  });

  it('cuts what older certificates had opened, too, when it is closed', async () => {
    const certificate = (text: string) =>
      users({ 'client-certificate-data': btoa(text), 'client-key-data': btoa(text) });
    await write(certificate('one'));
    const connection = await connect();
    test.server.always.other = () => undefined;
    const client = createKubernetesClient({ connection, metrics: createMetrics() });
    const call = client.getPod({ namespace: 'a', name: 'b' }).catch((error: unknown) => error);
    while (test.server.requests.length === 0) await sleep(5);
    await write(certificate('two'));
    await connection.reloadCredentials();
    await connection.endpoint();
    await connection.close();
    expect(await call).toMatchObject({ status: null });
    while (test.server.openSockets.size > 0) await sleep(5);
  });

  it('is not made when there is no kubeconfig to be found', async () => {
    const { KUBECONFIG, HOME } = process.env;
    delete process.env['KUBECONFIG'];
    process.env['HOME'] = folder;
    try {
      await expect(createConnection()).rejects.toThrow('No kubeconfig found');
    } finally {
      if (KUBECONFIG !== undefined) process.env['KUBECONFIG'] = KUBECONFIG;
      if (HOME !== undefined) process.env['HOME'] = HOME;
    }
  });

  it.each([
    ['is not there', () => Promise.resolve(), undefined, /ENOENT/],
    ['has not the context', () => write(), 'absent', /no context "absent"; it has: test/],
    ['has a context without its cluster', () => write({ clusters: [] }), undefined, /context "test" names no cluster/],
    [
      'asks for a proxy',
      () => write({ clusters: [{ name: 'test', cluster: { server: 'https://x', 'proxy-url': 'http://p' } }] }),
      undefined,
      /proxies are not supported/,
    ],
  ])('says what is wrong with a file that %s', async (_, prepare, context, message) => {
    await prepare();
    await expect(connect(context)).rejects.toThrow(message);
  });
});
