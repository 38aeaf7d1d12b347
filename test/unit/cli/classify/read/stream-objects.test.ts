import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { stringify } from 'yaml';
import type { ObjectOrFault } from '../../../../../cli/classify/read/object-finder.ts';
import { readObjects } from '../../../../../cli/classify/read/read-objects.ts';
import { streamObjects } from '../../../../../cli/classify/read/stream-objects.ts';
import { buildPod } from '../../../../helpers/pods.ts';
import { propertySeed } from '../../../../helpers/properties.ts';

const pod = buildPod({ name: 'web' });
const line = (type: string): string => `${JSON.stringify({ at: '2026-01-01T00:00:00Z', type, object: pod })}\n`;

async function* inPieces(text: Uint8Array | string, size: number): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) yield await Promise.resolve(bytes.subarray(at, at + size));
}

async function all(objects: AsyncIterable<ObjectOrFault>): Promise<ObjectOrFault[]> {
  const found: ObjectOrFault[] = [];
  for await (const item of objects) found.push('fault' in item ? { fault: tidy(item.fault) } : item);
  return found;
}

/** What is no JSON is quoted; whether with the line's end is all the same. */
function tidy<F extends { readonly message: string }>(fault: F): F {
  return { ...fault, message: fault.message.replace(/\s+"/g, '"') };
}

async function expectSame(text: Uint8Array | string, size = 97): Promise<void> {
  const streamed = await all(streamObjects('-', inPieces(text, size)));
  expect(streamed).toEqual(await all(readObjects('-', inPieces(text, size))));
}

describe('objects read one by one', () => {
  it.each<[string, Uint8Array | string]>([
    ['a recording with its header', `{"scenario":"oom"}\n${line('ADDED')}${line('DELETED')}`],
    ['lines that are no JSON among others', `${line('ADDED')}{"kind\nnot json\n${line('MODIFIED')}[1]\n`],
    ['indented objects one after the other', `${JSON.stringify(pod, null, 2)}\n${JSON.stringify(pod, null, 2)}\n`],
    ['one list', JSON.stringify({ kind: 'List', items: [pod, pod] }, null, 1)],
    ['YAML of several documents', [pod, pod].map((one) => stringify(one)).join('---\n')],
    ['JSON between YAML markers', `${JSON.stringify(pod)}\n---\n${JSON.stringify(pod)}\n`],
    ['YAML in braces', '{kind: Pod, metadata: {name: a}}\n'],
    ['blank lines before and between', `\n\n${line('ADDED')}\n\n${line('MODIFIED')}\n`],
    ['a byte order mark', `\ufeff${line('ADDED')}${line('MODIFIED')}`],
    ['UTF-16', Buffer.from(`\ufeff${line('ADDED')}${line('MODIFIED')}`, 'utf16le')],
    ['lines that end with CR LF', `${line('ADDED')}${line('MODIFIED')}`.replaceAll('\n', '\r\n')],
    ['nothing', ''],
    ['half an object', line('ADDED').slice(0, 50)],
    ['only a header', '{"scenario":"oom"}\n'],
  ])('are those of the whole text: %s', async (_, text) => {
    await expectSame(text);
    await expectSame(text, 1);
  });

  it(`are those of the whole text, however it is cut (PODKEEPER_TEST_SEED=${propertySeed})`, async () => {
    const lines = fc.constantFrom(
      line('ADDED'),
      line('BOOKMARK'),
      '{"scenario":"x"}\n',
      'prose\n',
      '{"a":\n',
      '\n',
      '}\n',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(lines, { maxLength: 8 }), fc.integer({ min: 1, max: 700 }), async (parts, size) => {
        await expectSame(line('ADDED') + parts.join(''), size);
      }),
      { seed: propertySeed, numRuns: 100 },
    );
  });

  it('are handed over before the rest is read', async () => {
    let sent = 0;
    async function* endless(): AsyncGenerator<Uint8Array> {
      for (;;) {
        sent += 1;
        yield await Promise.resolve(Buffer.from(line('MODIFIED')));
      }
    }
    let taken = 0;
    for await (const item of streamObjects('-', endless())) {
      expect(item).toHaveProperty('object');
      taken += 1;
      if (taken === 5000) break;
    }
    expect(sent - taken).toBeLessThan(5);
  });

  it('are those before a text that is none, which is a fault in its place', async () => {
    const bytes = Buffer.concat([Buffer.from(line('ADDED')), Buffer.from('{"a":"\xff"}\n', 'latin1')]);
    expect(await all(streamObjects('-', inPieces(bytes, 100)))).toEqual([
      { object: expect.objectContaining({ document: 1, line: 1 }) },
      { fault: expect.objectContaining({ document: 2, line: 2, message: expect.stringMatching(/^is not text/) }) },
    ]);
  });

  it('end with a fault when a source breaks off', async () => {
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield await Promise.resolve(Buffer.from(line('ADDED') + line('MODIFIED')));
      throw new Error('connection lost');
    }
    expect((await all(streamObjects('-', broken()))).at(-1)).toEqual({
      fault: { source: 'standard input', message: 'connection lost' },
    });
  });
});
