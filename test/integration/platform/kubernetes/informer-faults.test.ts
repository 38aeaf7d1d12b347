import { describe, expect, it } from '@jest/globals';
import { words } from '../../../helpers/kubernetes/follow.ts';
import { pod } from '../../../helpers/kubernetes/objects.ts';
import { answerReset, answerStatus } from '../../../helpers/kubernetes/scripted-api-server.ts';
import { useScriptedServer } from '../../../helpers/kubernetes/use-scripted-server.ts';

/** Each fault of the informer of `@kubernetes/client-node` 2.0 that docs/reflector.md lists, and that it is not ours. */
describe("a fault of client-node's informer that the reflector does not have", () => {
  const test = useScriptedServer();

  it('stops for good on a reset socket', async () => {
    const { until } = await test.start({ fromVersion: '100' });
    for (let attempt = 0; attempt < 3; attempt++) (await test.server.nextWatch()).reset();
    (await test.server.nextWatch()).send('ADDED', pod({ name: 'a', version: 101 }));
    await until((all) => all.length === 1);
  });

  it('stops for good on a failed list', async () => {
    test.server.script('list', answerReset, answerStatus(500), answerStatus(403));
    const { until, events } = await test.start();
    await until((all) => all.length === 1);
    expect(words(events)).toEqual(['relisted 100 (0)']);
  });

  it('keeps going after stop()', async () => {
    const { abort, done } = await test.start({ fromVersion: '100' });
    const watch = await test.server.nextWatch();
    abort();
    await done;
    await watch.closed;
    expect(test.server.of('watch')).toHaveLength(1);
  });

  it('reports delete and recreate under one name as an update', async () => {
    test.server.objects = [pod({ name: 'db-0', uid: 'one', version: 5 })];
    const { until, events } = await test.start();
    const watch = await test.server.nextWatch();
    test.server.objects = [pod({ name: 'db-0', uid: 'two', version: 150 })];
    test.server.version = '200';
    watch.error(410, 'Expired');
    await until((all) => all.filter(({ kind }) => kind === 'relisted').length === 2);
    expect(words(events).slice(2, 4)).toEqual(['deleted one@200 inferred', 'added two@150 listed']);
  });

  it('swallows a 500 within the stream', async () => {
    const { until, reflector, metrics } = await test.start({ fromVersion: '100' });
    (await test.server.nextWatch()).error(500, 'InternalError');
    (await test.server.nextWatch()).bookmark(101);
    await until((all) => all.length === 1);
    expect(reflector.lastFailure?.message).toContain('InternalError');
    expect(await metrics.registry.metrics()).toContain('k8s_watch_reconnections_total{reason="error-event"} 1');
  });

  it('swallows parse errors', async () => {
    const { until, reflector, metrics } = await test.start({ fromVersion: '100' });
    (await test.server.nextWatch()).raw('{"type":"ADDED",\n');
    (await test.server.nextWatch()).bookmark(101);
    await until((all) => all.length === 1);
    expect(reflector.lastFailure?.message).toContain('not JSON');
    expect(await metrics.registry.metrics()).toContain('k8s_watch_reconnections_total{reason="malformed"} 1');
  });

  it('asks for no bookmarks', async () => {
    const { until, events } = await test.start({ fromVersion: '100' });
    (await test.server.nextWatch()).bookmark(200);
    await until((all) => all.length === 1);
    expect(words(events)).toEqual(['bookmark 200']);
    expect(test.server.of('watch')[0]?.query.get('allowWatchBookmarks')).toBe('true');
  });

  it('has no paging', async () => {
    test.server.objects = Array.from({ length: 501 }, (_, index) => pod({ name: `p${index}`, version: index + 1 }));
    const { until } = await test.start();
    await until((all) => all.length === 502);
    expect(test.server.of('list')).toHaveLength(2);
  });

  it('has no back-pressure', async () => {
    const { reflector, abort } = await test.start({ queueLimit: 5, fromVersion: '100' });
    const watch = await test.server.nextWatch();
    let deepest = 0;
    for (let version = 101; version <= 300; version++) {
      watch.send('ADDED', pod({ name: `p${version}`, version }));
      deepest = Math.max(deepest, reflector.queueDepth);
    }
    expect(deepest).toBeLessThanOrEqual(5);
    abort();
  });

  it('makes a new connection for every request', async () => {
    const { until } = await test.start({ pageSize: 1 });
    test.server.objects = [
      pod({ name: 'a', version: 1 }),
      pod({ name: 'b', version: 2 }),
      pod({ name: 'c', version: 3 }),
    ];
    for (let version = 101; version < 106; version++) {
      const watch = await test.server.nextWatch();
      watch.bookmark(version);
      watch.end();
    }
    await until((all) => all.filter(({ kind }) => kind === 'bookmark').length === 5);
    await test.server.nextWatch();
    expect(test.server.requests.length).toBeGreaterThan(10);
    // One or two for the short calls, as many for the watches.
    expect(test.server.connectionCount).toBeLessThanOrEqual(4);
  });
});
