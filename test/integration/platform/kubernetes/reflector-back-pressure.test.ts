import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type KubernetesConnection, createConnection } from '../../../../platform/kubernetes/connection/connection.ts';
import { type ReflectorOptions, createReflector } from '../../../../platform/kubernetes/reflector/reflector.ts';
import { createMetrics } from '../../../../platform/metrics.ts';
import { pod } from '../../../helpers/kubernetes/objects.ts';
import { useScriptedServer } from '../../../helpers/kubernetes/use-scripted-server.ts';

describe('a reflector whose consumer is slow', () => {
  const test = useScriptedServer();
  const abort = { controller: new AbortController() };
  let connection: KubernetesConnection;

  beforeEach(async () => {
    abort.controller = new AbortController();
    connection = await createConnection({ kubeconfigPath: test.server.kubeconfigPath });
  });
  afterEach(async () => {
    abort.controller.abort();
    await connection.close();
  });
  const reflect = <T>(options: Partial<ReflectorOptions<T>>) =>
    createReflector<T>({
      connection,
      path: '/api/v1/pods',
      resource: 'pods',
      known: new Map(),
      queueLimit: 10,
      metrics: createMetrics(),
      signal: abort.controller.signal,
      ...options,
    });

  it('reads no further than the limit, and the server notices', async () => {
    const reflector = reflect({ fromVersion: '100' });
    const iterator = reflector[Symbol.asyncIterator]();
    const first = iterator.next();
    const watch = await test.server.nextWatch();
    const padding = { padding: 'x'.repeat(10_000) };
    let sent = 0;
    // Buffers of sockets take some megabytes before the server can feel it.
    for (let takes = true; takes && sent < 10_000; sent++) {
      const object = pod({ name: `p${sent}`, version: 101 + sent, labels: padding });
      takes = watch.raw(`${JSON.stringify({ type: 'ADDED', object })}\n`);
      await sleep(0);
    }
    await first;
    await sleep(200);
    expect(sent).toBeLessThan(10_000);
    expect(reflector.queueDepth).toBe(10);
    const names = ['p0'];
    while (names.length < sent) {
      const { value } = (await iterator.next()) as { value: { name: string } };
      names.push(value.name);
      expect(reflector.queueDepth).toBeLessThanOrEqual(10);
    }
    expect(names).toEqual(Array.from({ length: sent }, (_, index) => `p${index}`));
  });

  it('holds no more than one page of a list, and asks for the next one when its turn comes', async () => {
    test.server.objects = Array.from({ length: 60 }, (_, index) => pod({ name: `p${index}`, version: index + 1 }));
    const reflector = reflect({ pageSize: 20 });
    const iterator = reflector[Symbol.asyncIterator]();
    await iterator.next();
    await sleep(100);
    expect(reflector.queueDepth).toBe(10);
    expect(test.server.of('list')).toHaveLength(1);
    for (let taken = 1; taken < 60; taken++) await iterator.next();
    expect((await iterator.next()).value).toEqual({ kind: 'relisted', version: '100', count: 60 });
  });

  it('does not count the time its consumer takes as silence of the server', async () => {
    const reflector = reflect({ fromVersion: '100', inactivityMs: 100, queueLimit: 2 });
    const iterator = reflector[Symbol.asyncIterator]();
    const first = iterator.next();
    const watch = await test.server.nextWatch();
    for (let version = 101; version <= 110; version++) watch.send('ADDED', pod({ name: `p${version}`, version }));
    await first;
    await sleep(300);
    expect(watch.isOpen).toBe(true);
    for (let taken = 1; taken < 10; taken++) await iterator.next();
    expect(test.server.of('watch')).toHaveLength(1);
  });

  it('keeps only what the projection makes of an object', async () => {
    const reflector = reflect({
      fromVersion: '100',
      project: (object) => Object.keys(object as object).join('+'),
    });
    const iterator = reflector[Symbol.asyncIterator]();
    const first = iterator.next();
    (await test.server.nextWatch()).send('ADDED', pod({ name: 'a', version: 101 }));
    expect((await first).value).toMatchObject({ kind: 'added', uid: 'uid-a', version: '101', object: 'kind+metadata' });
  });

  it('hands an error of the projection to the consumer, for it is a fault of ours', async () => {
    const reflector = reflect({
      fromVersion: '100',
      project: () => {
        throw new TypeError('a fault of ours');
      },
    });
    const first = reflector[Symbol.asyncIterator]().next();
    const watch = await test.server.nextWatch();
    watch.send('ADDED', pod({ name: 'a', version: 101 }));
    await expect(first).rejects.toThrow('a fault of ours');
    await watch.closed;
  });
});
