import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { words } from '../../../helpers/kubernetes/follow.ts';
import { pod } from '../../../helpers/kubernetes/objects.ts';
import { useScriptedServer } from '../../../helpers/kubernetes/use-scripted-server.ts';

const added = (name: string, version: number) =>
  `${JSON.stringify({ type: 'ADDED', object: pod({ name, version }) })}\n`;

describe('the watch of a reflector', () => {
  const test = useScriptedServer();

  it('asks for bookmarks and for a random end between 290 and 590 seconds', async () => {
    for (const [random, timeoutSeconds] of [
      [0, '290'],
      [0.5, '440'],
      [0.999, '590'],
    ] as const) {
      const { stop } = await test.start({ random: () => random, fromVersion: '100' });
      await test.server.nextWatch();
      const query = test.server.of('watch').at(-1)?.query;
      expect(query?.get('allowWatchBookmarks')).toBe('true');
      expect(query?.get('timeoutSeconds')).toBe(timeoutSeconds);
      await stop();
    }
  });

  it('goes on from the last version, of a change or of a bookmark, whenever the server ends it', async () => {
    const { until, events } = await test.start();
    const first = await test.server.nextWatch();
    first.send('ADDED', pod({ name: 'a', version: 101 }));
    first.end();
    const second = await test.server.nextWatch();
    second.bookmark(150);
    second.end();
    const third = await test.server.nextWatch();
    third.send('MODIFIED', pod({ name: 'a', version: 160 }));
    await until((all) => all.length === 4);
    expect(test.server.of('watch').map(({ query }) => query.get('resourceVersion'))).toEqual(['100', '101', '150']);
    expect(test.server.of('list')).toHaveLength(1);
    expect(words(events)).toEqual(['relisted 100 (0)', 'added uid-a@101', 'bookmark 150', 'modified uid-a@160']);
  });

  it('goes on from the last version when the socket is reset, in the middle of an event too', async () => {
    const { until, events } = await test.start({ fromVersion: '100' });
    const first = await test.server.nextWatch();
    first.send('ADDED', pod({ name: 'a', version: 101 }));
    first.raw(added('b', 102).slice(0, 40));
    await until((all) => all.length === 1);
    first.reset();
    (await test.server.nextWatch()).raw(added('b', 102));
    await until((all) => all.length === 2);
    expect(words(events)).toEqual(['added uid-a@101', 'added uid-b@102']);
    expect(test.server.of('watch')[1]?.query.get('resourceVersion')).toBe('101');
  });

  it('does not take the half of an event before a regular end for an event', async () => {
    const { until, events, metrics } = await test.start({ fromVersion: '100' });
    const first = await test.server.nextWatch();
    first.raw(added('a', 101) + added('b', 102).slice(0, -10));
    first.end();
    (await test.server.nextWatch()).raw(added('b', 102));
    await until((all) => all.length === 2);
    expect(words(events)).toEqual(['added uid-a@101', 'added uid-b@102']);
    expect(await metrics.registry.metrics()).toContain('k8s_watch_reconnections_total{reason="malformed"} 1');
  });

  it('counts as dead after the inactivity limit, and only then', async () => {
    const { until, events, metrics } = await test.start({ fromVersion: '100', inactivityMs: 800 });
    const first = await test.server.nextWatch();
    for (let version = 101; version < 106; version++) {
      await sleep(200);
      first.bookmark(version);
    }
    expect(first.isOpen).toBe(true);
    expect(test.server.of('watch')).toHaveLength(1);
    const second = await test.server.nextWatch();
    await first.closed;
    second.send('ADDED', pod({ name: 'a', version: 110 }));
    await until((all) => all.some(({ kind }) => kind === 'added'));
    expect(words(events).at(-1)).toBe('added uid-a@110');
    expect(test.server.of('watch')[1]?.query.get('resourceVersion')).toBe('105');
    expect(await metrics.registry.metrics()).toContain('k8s_watch_reconnections_total{reason="inactive"} 1');
  });

  it('that gets no answer at all counts as dead after the same limit', async () => {
    test.server.script('watch', () => undefined);
    await test.start({ fromVersion: '100', inactivityMs: 150 });
    const watch = await test.server.nextWatch();
    expect(watch.isOpen).toBe(true);
    expect(test.server.of('watch')).toHaveLength(2);
  });

  it('reads events however they are cut into chunks, within characters too', async () => {
    const { until, events } = await test.start({ fromVersion: '100' });
    const watch = await test.server.nextWatch();
    const label = 'häßlich-日本語-🙂';
    const lines = [101, 102, 103].map((version) => ({
      type: 'ADDED',
      object: pod({ name: `p${version}`, version, labels: { label } }),
    }));
    const bytes = Buffer.from(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    for (let start = 0; start < bytes.length; start += 7) {
      watch.raw(bytes.subarray(start, start + 7));
      await sleep(0);
    }
    await until((all) => all.length === 3);
    expect(events.map((event) => (event.kind === 'added' ? event.object.metadata.labels?.['label'] : ''))).toEqual([
      label,
      label,
      label,
    ]);
  });

  it('reads many events from one chunk, in order', async () => {
    const { until, events } = await test.start({ fromVersion: '100' });
    const versions = Array.from({ length: 500 }, (_, index) => 101 + index);
    (await test.server.nextWatch()).raw(versions.map((version) => added(`p${version}`, version)).join(''));
    await until((all) => all.length === 500);
    expect(events.map((event) => (event.kind === 'added' ? Number(event.version) : 0))).toEqual(versions);
  });

  it.each([
    ['empty', ''],
    ['after a bookmark', '{"type":"BOOKMARK","object":{"metadata":{"resourceVersion":"101"}}}\n'],
  ])('that ends at once, again and again, %s, is not opened without pause', async (_, bytes) => {
    test.server.always.watch = (_seen, response) => void response.writeHead(200).end(bytes);
    await test.start({ fromVersion: '100' });
    while (test.server.of('watch').length < 4) await sleep(5);
    await sleep(300);
    // Without the pauses of 45 to 75 ms there would be hundreds.
    expect(test.server.of('watch').length).toBeLessThan(16);
  });
});
