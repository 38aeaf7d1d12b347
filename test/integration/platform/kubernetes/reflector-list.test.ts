import { describe, expect, it } from '@jest/globals';
import { words } from '../../../helpers/kubernetes/follow.ts';
import { knownFrom, pod } from '../../../helpers/kubernetes/objects.ts';
import { answerJson, answerReset, answerStatus } from '../../../helpers/kubernetes/scripted-api-server.ts';
import { useScriptedServer } from '../../../helpers/kubernetes/use-scripted-server.ts';

const relisted = (events: readonly { kind: string }[]) => events.some(({ kind }) => kind === 'relisted');
const page = (items: unknown, version: string, token?: string) =>
  answerJson({ metadata: { resourceVersion: version, ...(token === undefined ? {} : { continue: token }) }, items });

describe('the list of a reflector', () => {
  const test = useScriptedServer();

  it('comes first, and the watch goes on from its version', async () => {
    test.server.objects = [pod({ name: 'a', version: 5 }), pod({ name: 'b', version: 7 })];
    const { until, events, known } = await test.start();
    const watch = await test.server.nextWatch();
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
    expect(test.server.of('watch')[0]?.query.get('resourceVersion')).toBe('100');
    expect([...known.keys()]).toEqual(['uid-a', 'uid-c']);
    expect(known.get('uid-a')).toEqual({ namespace: 'default', name: 'a', version: '101' });
  });

  it('is read in pages of 500 as a consistent read, and nothing is complete before the last page', async () => {
    test.server.objects = Array.from({ length: 1201 }, (_, index) => pod({ name: `p${index}`, version: index + 1 }));
    const { until, events } = await test.start();
    await until(relisted);
    expect(test.server.of('list').map(({ query }) => [query.get('limit'), query.get('continue')])).toEqual([
      ['500', null],
      ['500', '500'],
      ['500', '1000'],
    ]);
    expect(test.server.of('list').every(({ query }) => !query.has('resourceVersion'))).toBe(true);
    expect(events).toHaveLength(1202);
    expect(events.findIndex(({ kind }) => kind === 'relisted')).toBe(1201);
  });

  it('passes the selectors on, to list and watch alike', async () => {
    await test.start({ fieldSelector: 'spec.nodeName=n1', labelSelector: 'app in (a,b)' });
    await test.server.nextWatch();
    for (const kind of ['list', 'watch'] as const) {
      const query = test.server.of(kind)[0]?.query;
      expect([query?.get('fieldSelector'), query?.get('labelSelector')]).toEqual(['spec.nodeName=n1', 'app in (a,b)']);
    }
  });

  it('starts again from the first page when its continue token has expired; what it emitted is not repeated', async () => {
    test.server.objects = [pod({ name: 'a', version: 5 }), pod({ name: 'b', version: 110 })];
    test.server.version = '120';
    test.server.script(
      'list',
      page([pod({ name: 'a', version: 5 }), pod({ name: 'x', version: 6 })], '100', 'token'),
      answerStatus(410, 'Expired'),
    );
    const { until, events } = await test.start({ pageSize: 2 });
    await until(relisted);
    expect(words(events)).toEqual([
      'added uid-a@5 listed',
      'added uid-x@6 listed',
      'added uid-b@110 listed',
      'deleted uid-x@120 inferred',
      'gap 100→120 list-interrupted',
      'relisted 120 (2)',
    ]);
  });

  it('starts again when a later page is of another version', async () => {
    test.server.objects = [pod({ name: 'a', version: 5 })];
    test.server.script('list', page([], '90', 'token'), page([], '91'));
    const { until, events } = await test.start();
    await until(relisted);
    expect(words(events)).toEqual(['added uid-a@5 listed', 'gap 90→100 list-interrupted', 'relisted 100 (1)']);
  });

  it.each([
    ['is cut off', answerReset],
    ['is no JSON', answerJson('{"items": [')],
    ['is no list', answerJson({ kind: 'Status' })],
    ['is JSON null', answerJson('null')],
    ['has an object without a UID', page([{ metadata: { name: 'a', resourceVersion: '1' } }], '100')],
    ['has no version', answerJson({ metadata: {}, items: [] })],
  ])('is asked for again when the answer %s', async (_, answer) => {
    test.server.objects = [pod({ name: 'a', version: 5 })];
    test.server.script('list', answer, answer);
    const { until, events } = await test.start();
    await until(relisted);
    expect(events.map(({ kind }) => kind).filter((kind) => kind !== 'gap')).toEqual(['added', 'relisted']);
    expect(test.server.of('list')).toHaveLength(3);
  });

  it('may be empty, with items as null too', async () => {
    test.server.script('list', page(null, '100'));
    const { until, events } = await test.start();
    await until(relisted);
    expect(words(events)).toEqual(['relisted 100 (0)']);
  });

  it('is read in smaller pages when a page is too big to hold', async () => {
    test.server.objects = Array.from({ length: 8 }, (_, index) => pod({ name: `p${index}`, version: index + 1 }));
    const { until, events } = await test.start({ pageSize: 8, pageBytesLimit: 300 });
    await until(relisted);
    expect(events.filter(({ kind }) => kind === 'added')).toHaveLength(8);
    expect(new Set(test.server.of('list').map(({ query }) => query.get('limit')))).toEqual(new Set(['8', '4', '2']));
  });

  it('over objects known from before, without a version, leaves a gap from the newest that was known', async () => {
    test.server.objects = [pod({ name: 'same', version: 5 }), pod({ name: 'changed', version: 70 })];
    const before = [
      pod({ name: 'same', version: 5 }),
      pod({ name: 'changed', version: 9 }),
      pod({ name: 'gone', version: 30 }),
    ];
    const { until, events } = await test.start({ known: knownFrom(before) });
    await until(relisted);
    expect(words(events)).toEqual([
      'modified uid-changed@70 listed',
      'deleted uid-gone@100 inferred',
      'gap 30→100 checkpoint-lost',
      'relisted 100 (2)',
    ]);
  });
});
