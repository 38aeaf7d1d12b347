import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type FollowOptions, type Following, follow, words } from '../../../helpers/kubernetes/follow.ts';
import { knownFrom, pod } from '../../../helpers/kubernetes/objects.ts';
import {
  type ScriptedApiServer,
  answerStatus,
  startScriptedApiServer,
} from '../../../helpers/kubernetes/scripted-api-server.ts';

describe('a reflector that lists and watches', () => {
  let server: ScriptedApiServer;
  let following: Following | undefined;
  const start = async (options: FollowOptions = {}) => (following = await follow(server.kubeconfigPath, options));

  beforeEach(async () => {
    server = await startScriptedApiServer();
  });
  afterEach(async () => {
    await following?.stop();
    following = undefined;
    await server.close();
  });

  it('lists all objects first, says so, and then goes on with the watch', async () => {
    server.objects = [pod({ name: 'a', version: 5 }), pod({ name: 'b', version: 7 })];
    const { until, events, known } = await start();
    const watch = await server.nextWatch();
    watch.send('MODIFIED', pod({ name: 'a', version: 101 }));
    watch.send('ADDED', pod({ name: 'c', version: 102 }));
    watch.send('DELETED', pod({ name: 'b', version: 103 }));
    watch.bookmark(110);
    await until((all) => all.some(({ kind }) => kind === 'bookmark'));
    expect(words(events)).toEqual([
      'added uid-a@5 listed',
      'added uid-b@7 listed',
      'relisted 100 (2)',
      'modified uid-a@101',
      'added uid-c@102',
      'deleted uid-b@103',
      'bookmark 110',
    ]);
    expect([...known.keys()]).toEqual(['uid-a', 'uid-c']);
    expect(known.get('uid-a')).toEqual({ namespace: 'default', name: 'a', version: '101' });
  });

  it('asks for pages of 500, all at the version of the first, and says nothing is complete before the last', async () => {
    server.objects = Array.from({ length: 1201 }, (_, index) => pod({ name: `p${index}`, version: index + 1 }));
    const { until, events } = await start();
    await until((all) => all.some(({ kind }) => kind === 'relisted'));
    expect(server.of('list').map(({ query }) => [query.get('limit'), query.get('continue')])).toEqual([
      ['500', null],
      ['500', '500'],
      ['500', '1000'],
    ]);
    expect(server.of('list')[0]?.query.has('resourceVersion')).toBe(false);
    expect(events).toHaveLength(1202);
    expect(events.findIndex(({ kind }) => kind === 'relisted')).toBe(1201);
  });

  it('starts with the watch when it is given a version, and relists over what was known when that has expired', async () => {
    const before = [
      pod({ name: 'same', version: 5 }),
      pod({ name: 'changed', version: 6 }),
      pod({ name: 'gone', version: 7 }),
    ];
    server.objects = [
      pod({ name: 'same', version: 5 }),
      pod({ name: 'changed', version: 60 }),
      pod({ name: 'new', version: 61 }),
    ];
    server.script('watch', answerStatus(410, 'Expired'));
    const { until, events } = await start({
      known: knownFrom(before),
      fromVersion: '50',
      fromTime: '2026-01-01T00:00:00Z',
    });
    await until((all) => all.some(({ kind }) => kind === 'relisted'));
    expect(words(events)).toEqual([
      'modified uid-changed@60 listed',
      'added uid-new@61 listed',
      'deleted uid-gone@100 inferred',
      'gap 50→100 expired',
      'relisted 100 (3)',
    ]);
    expect(events.find(({ kind }) => kind === 'gap')).toMatchObject({ fromTime: '2026-01-01T00:00:00.000Z' });
  });
});
