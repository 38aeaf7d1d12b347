import { describe, expect, it } from '@jest/globals';
import { words } from '../../../helpers/kubernetes/follow.ts';
import { pod } from '../../../helpers/kubernetes/objects.ts';
import { useScriptedServer } from '../../../helpers/kubernetes/use-scripted-server.ts';

const faults: readonly (readonly [string, string | Buffer, string])[] = [
  [
    'an ERROR of another kind',
    '{"type":"ERROR","object":{"kind":"Status","code":500,"reason":"InternalError"}}\n',
    '500',
  ],
  ['an ERROR that says nothing', '{"type":"ERROR"}\n', 'Unexplained'],
  ['no JSON', '{"type":"ADDED","object":\n', 'MalformedAnswer'],
  ['no UTF-8', Buffer.from([0x22, 0xff, 0xfe, 0x22, 0x0a]), 'MalformedAnswer'],
  ['JSON that is no event', '[]\n', 'MalformedAnswer'],
  ['JSON null', 'null\n', 'MalformedAnswer'],
  ['an event of an unknown type', '{"type":"RENAMED","object":{}}\n', 'MalformedAnswer'],
  ['an object without metadata', '{"type":"ADDED","object":{}}\n', 'MalformedAnswer'],
  ['an object without a UID', '{"type":"ADDED","object":{"metadata":{"name":"a"}}}\n', 'MalformedAnswer'],
  ['a bookmark without a version', '{"type":"BOOKMARK","object":{"metadata":{}}}\n', 'MalformedAnswer'],
  ['a line without an end', 'x'.repeat(2000), 'LineTooLong'],
  ['a line that is too long', `${'x'.repeat(2000)}\n`, 'LineTooLong'],
];

describe('a fault within the stream', () => {
  const test = useScriptedServer();

  it.each(faults)('(%s) is counted, and the watch goes on from the last version', async (_, bytes, code) => {
    const { until, events, metrics, reflector } = await test.start({ fromVersion: '100', lineBytesLimit: 1000 });
    const first = await test.server.nextWatch();
    first.send('ADDED', pod({ name: 'a', version: 101 }));
    first.raw(bytes);
    const second = await test.server.nextWatch();
    await first.closed;
    second.send('ADDED', pod({ name: 'b', version: 102 }));
    await until((all) => all.length === 2);
    expect(words(events)).toEqual(['added uid-a@101', 'added uid-b@102']);
    expect(test.server.of('watch')[1]?.query.get('resourceVersion')).toBe('101');
    expect(await metrics.registry.metrics()).toContain(`k8s_api_errors_total{code="${code}"} 1`);
    expect(reflector.lastFailure?.message).toContain('watch pods');
  });

  it.each(faults)('(%s) that comes three times in a row is passed with a list and a gap', async (_, bytes) => {
    test.server.objects = [pod({ name: 'a', version: 101 })];
    const { until, events } = await test.start({ fromVersion: '90', lineBytesLimit: 1000 });
    for (let attempt = 0; attempt < 3; attempt++) (await test.server.nextWatch()).raw(bytes);
    await until((all) => all.some(({ kind }) => kind === 'relisted'));
    expect(words(events)).toEqual(['added uid-a@101 listed', 'gap 90→100 stream-faults', 'relisted 100 (1)']);
    expect(test.server.of('watch')).toHaveLength(3);
  });

  it('starts the count anew once something was delivered', async () => {
    const { until, events } = await test.start({ fromVersion: '100' });
    for (let version = 101; version <= 105; version++) {
      const watch = await test.server.nextWatch();
      watch.send('ADDED', pod({ name: `p${version}`, version }));
      watch.error(500, 'InternalError');
    }
    await until((all) => all.length === 5);
    expect(events.every(({ kind }) => kind === 'added')).toBe(true);
    expect(test.server.of('list')).toHaveLength(0);
  });
});
