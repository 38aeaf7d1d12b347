import { describe, expect, it } from '@jest/globals';
import { words } from '../../../helpers/kubernetes/follow.ts';
import { knownFrom, pod } from '../../../helpers/kubernetes/objects.ts';
import { answerJson, answerStatus } from '../../../helpers/kubernetes/scripted-api-server.ts';
import { useScriptedServer } from '../../../helpers/kubernetes/use-scripted-server.ts';

const relisted = (events: readonly { kind: string }[]) => events.some(({ kind }) => kind === 'relisted');
const before = [
  pod({ name: 'same', version: 5 }),
  pod({ name: 'changed', version: 6 }),
  pod({ name: 'gone', version: 7 }),
];
const after = [
  pod({ name: 'same', version: 5 }),
  pod({ name: 'changed', version: 60 }),
  pod({ name: 'new', version: 61 }),
];
const difference = ['modified uid-changed@60 listed', 'added uid-new@61 listed', 'deleted uid-gone@100 inferred'];

describe('a reflector whose version the server no longer has', () => {
  const test = useScriptedServer();

  it('starts with a watch when it is given a version; a 410 to it makes a list, a difference and a gap', async () => {
    test.server.objects = after;
    test.server.script('watch', answerStatus(410, 'Expired'));
    const options = { known: knownFrom(before), fromVersion: '50', fromTime: '2026-01-01T00:00:00Z' };
    const { until, events } = await test.start(options);
    await until(relisted);
    expect(test.server.requests.map(({ kind }) => kind)).toEqual(['probe', 'watch', 'list']);
    expect(words(events)).toEqual([...difference, 'gap 50→100 expired', 'relisted 100 (3)']);
    const gap = events.find(({ kind }) => kind === 'gap');
    expect(gap).toMatchObject({ fromTime: '2026-01-01T00:00:00.000Z', epochChanged: false });
    const toMs = gap?.kind === 'gap' ? Date.parse(gap.toTime) : 0;
    expect(Math.abs(Date.now() - toMs)).toBeLessThan(5000);
  });

  it('does the same for a 410 as ERROR object within the stream, from the last version it delivered', async () => {
    test.server.objects = after;
    const { until, events } = await test.start({ known: knownFrom(before), fromVersion: '50' });
    const watch = await test.server.nextWatch();
    watch.bookmark(55);
    watch.error(410, 'Expired');
    await until(relisted);
    expect(words(events)).toEqual(['bookmark 55', ...difference, 'gap 55→100 expired', 'relisted 100 (3)']);
    await watch.closed;
  });

  it('emits the gap once, from where it began, when the list has to start over', async () => {
    test.server.objects = after;
    test.server.script('watch', answerStatus(410, 'Expired'));
    test.server.script('list', answerStatus(500), answerStatus(503));
    const { until, events } = await test.start({ known: knownFrom(before), fromVersion: '50' });
    await until(relisted);
    expect(words(events)).toEqual([...difference, 'gap 50→100 expired', 'relisted 100 (3)']);
  });

  it('leaves no gap behind the very first list', async () => {
    test.server.script('list', answerStatus(500));
    const { until, events } = await test.start();
    await until(relisted);
    expect(words(events)).toEqual(['relisted 100 (0)']);
  });

  it('does not list without pause when every watch is answered with 410', async () => {
    test.server.always.watch = answerStatus(410, 'Expired');
    const { until } = await test.start({ fromVersion: '50', backoff: { firstMs: 100, maxMs: 100 } });
    const startedAtMs = Date.now();
    await until((all) => all.filter(({ kind }) => kind === 'relisted').length === 4);
    // The first at once, then 75 ms at least before each.
    expect(Date.now() - startedAtMs).toBeGreaterThan(220);
  });
});

describe('a reflector whose server went back to older versions (a restored etcd)', () => {
  const test = useScriptedServer();

  it('finds out before it watches from its version, which would stay silent, and says so with the gap', async () => {
    test.server.objects = after;
    test.server.newestVersion = '40';
    test.server.version = '40';
    const { until, events } = await test.start({ known: knownFrom(before), fromVersion: '50' });
    await until(relisted);
    expect(test.server.requests.map(({ kind }) => kind)).toEqual(['probe', 'list']);
    expect(words(events)[0]).toBe('epoch');
    expect(words(events).slice(-2)).toEqual(['gap 50→40 versions-went-back epoch', 'relisted 40 (3)']);
    await test.server.nextWatch();
    expect(test.server.of('watch')[0]?.query.get('resourceVersion')).toBe('40');
  });

  it('tells of the new epoch before the first change of it, and once, though the list has to start again', async () => {
    test.server.objects = after;
    test.server.newestVersion = '40';
    test.server.version = '40';
    const page = { metadata: { resourceVersion: '39', continue: 'more' }, items: after.slice(0, 1) };
    test.server.script('list', answerJson(page), answerStatus(410, 'Expired'));
    const { until, events } = await test.start({ fromVersion: '50' });
    await until(relisted);
    expect(words(events)).toEqual([
      'epoch',
      'added uid-same@5 listed',
      'added uid-changed@60 listed',
      'added uid-new@61 listed',
      'gap 50→40 versions-went-back epoch',
      'relisted 40 (3)',
    ]);
  });

  it('finds out after a stream has ended, too', async () => {
    const { until, events } = await test.start({ fromVersion: '50' });
    const watch = await test.server.nextWatch();
    test.server.newestVersion = '40';
    test.server.version = '40';
    watch.send('ADDED', pod({ name: 'lost', version: 51 }));
    await until((all) => all.length === 1);
    watch.end();
    await until(relisted);
    expect(words(events)).toEqual([
      'added uid-lost@51',
      'epoch',
      'deleted uid-lost@40 inferred',
      'gap 51→40 versions-went-back epoch',
      'relisted 40 (0)',
    ]);
  });

  it('finds out after a watch was refused, too', async () => {
    test.server.script('watch', (seen, response) => {
      test.server.newestVersion = '40';
      test.server.version = '40';
      answerStatus(503)(seen, response);
    });
    const { until, events } = await test.start({ fromVersion: '50' });
    await until(relisted);
    expect(words(events)).toEqual(['epoch', 'gap 50→40 versions-went-back epoch', 'relisted 40 (0)']);
  });

  it('compares versions as numbers of any length, and never calls one older that is no number', async () => {
    test.server.newestVersion = '100000000000000000000';
    const { stop } = await test.start({ fromVersion: '99999999999999999999' });
    await test.server.nextWatch();
    await stop();
    await test.start({ fromVersion: 'opaque-2' });
    await test.server.nextWatch();
    expect(test.server.of('list')).toHaveLength(0);
  });
});
