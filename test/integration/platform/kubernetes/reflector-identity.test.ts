import { describe, expect, it } from '@jest/globals';
import { words } from '../../../helpers/kubernetes/follow.ts';
import { knownFrom, pod } from '../../../helpers/kubernetes/objects.ts';
import { useScriptedServer } from '../../../helpers/kubernetes/use-scripted-server.ts';

describe('the identity of an object', () => {
  const test = useScriptedServer();

  it('is its UID: a list that has the name under another UID means a delete and an add, in this order', async () => {
    test.server.objects = [pod({ name: 'web-0', version: 50, uid: 'second' })];
    const before = knownFrom([pod({ name: 'web-0', version: 5, uid: 'first' })]);
    const { until, events } = await test.start({ known: before });
    await until((all) => all.some(({ kind }) => kind === 'relisted'));
    expect(words(events).slice(0, 2)).toEqual(['deleted first@100 inferred', 'added second@50 listed']);
    expect(events[0]).toMatchObject({ namespace: 'default', name: 'web-0' });
    expect(events[0]).not.toHaveProperty('object');
  });

  it('is its UID within the watch as well, when nobody told of the delete', async () => {
    const before = knownFrom([pod({ name: 'web-0', version: 5, uid: 'first' })]);
    const { until, events, known } = await test.start({ known: before, fromVersion: '10' });
    (await test.server.nextWatch()).send('ADDED', pod({ name: 'web-0', version: 20, uid: 'second' }));
    await until((all) => all.length === 2);
    expect(words(events)).toEqual(['deleted first@20 inferred', 'added second@20']);
    expect([...known.keys()]).toEqual(['second']);
  });

  it('keeps objects of one name in different namespaces apart', async () => {
    test.server.objects = [pod({ name: 'web-0', version: 50, uid: 'a', namespace: 'one' })];
    const { until, events } = await test.start();
    (await test.server.nextWatch()).send('ADDED', pod({ name: 'web-0', version: 101, uid: 'b', namespace: 'two' }));
    await until((all) => all.length === 3);
    expect(words(events)).toEqual(['added a@50 listed', 'relisted 100 (1)', 'added b@101']);
  });

  it('is not taken over by a former holder of the name, seen again from an older version', async () => {
    const before = knownFrom([pod({ name: 'web-0', version: 30, uid: 'second' })]);
    const { until, events, known } = await test.start({ known: before, fromVersion: '10' });
    const watch = await test.server.nextWatch();
    watch.send('MODIFIED', pod({ name: 'web-0', version: 15, uid: 'first' }));
    watch.send('DELETED', pod({ name: 'web-0', version: 20, uid: 'first' }));
    watch.send('ADDED', pod({ name: 'web-0', version: 25, uid: 'second' }));
    watch.bookmark(30);
    await until((all) => all.length === 4);
    expect(words(events)).toEqual(['modified first@15', 'deleted first@20', 'added second@25', 'bookmark 30']);
    expect(known.get('second')?.version).toBe('30');
  });
});
