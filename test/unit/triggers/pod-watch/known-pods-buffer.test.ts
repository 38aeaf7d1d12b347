import { describe, expect, it } from '@jest/globals';
import type { KnownPod, KnownPodsStore } from '../../../../platform/redis/known-pods.ts';
import { createKnownPodsBuffer } from '../../../../triggers/pod-watch/known/known-pods-buffer.ts';

type Answer = Awaited<ReturnType<KnownPodsStore['write']>>;
const written: Answer = { ok: true, value: { applied: true, complete: true } };
const incomplete: Answer = { ok: true, value: { applied: true, complete: false } };
const refused: Answer = { ok: true, value: { applied: false, complete: true } };
const down: Answer = { ok: false, reason: 'no connection' };

const pod = (name: string, version: string, hasRun = true): KnownPod => ({ namespace: 'shop', name, version, hasRun });
const named = (uid: string, version: string) => ({ uid, namespace: 'shop', name: uid, version });

/** A buffer on a store that answers what it is told to, and what it was asked to write. */
function rig({ initial = [], rewrite = false }: { initial?: [string, KnownPod][]; rewrite?: boolean } = {}) {
  const writes: { whole: boolean | undefined; upserts: string[]; deletes: readonly string[] }[] = [];
  const answers: (Answer | (() => Answer))[] = [];
  const buffer = createKnownPodsBuffer({
    fence: { interval: 1, attempt: 1 },
    initial: new Map(initial),
    rewrite,
    store: {
      write: ({ upserts, deletes, whole }) => {
        const set = [...upserts].map(([uid, { version }]) => `${uid}@${version}`);
        writes.push({ whole, upserts: set.sort(), deletes });
        const answer = answers.shift() ?? written;
        return Promise.resolve(typeof answer === 'function' ? answer() : answer);
      },
    },
  });
  return { buffer, writes, answers };
}

describe('the buffer of known pods', () => {
  it('writes only what changed, and an empty change to keep its claim', async () => {
    const { buffer, writes } = rig({ initial: [['a', pod('a', '1')]] });
    buffer.set(named('b', '2'), true);
    buffer.remove('a');
    expect(await buffer.flush()).toBe(true);
    expect(await buffer.flush()).toBe(true);
    expect(writes).toEqual([
      { whole: false, upserts: ['b@2'], deletes: ['a'] },
      { whole: false, upserts: [], deletes: [] },
    ]);
    expect(buffer.size()).toBe(1);
  });

  it('writes everything first when Redis may not have it', async () => {
    const { buffer, writes } = rig({ initial: [['a', pod('a', '1')]], rewrite: true });
    buffer.set(named('b', '2'), true);
    await buffer.flush();
    expect(writes).toEqual([{ whole: true, upserts: ['a@1', 'b@2'], deletes: [] }]);
  });

  it('writes everything at once when Redis turns out to have been emptied', async () => {
    const { buffer, writes, answers } = rig({ initial: [['a', pod('a', '1')]] });
    answers.push(incomplete);
    buffer.set(named('b', '2'), true);
    expect(await buffer.flush()).toBe(true);
    expect(writes).toEqual([
      { whole: false, upserts: ['b@2'], deletes: [] },
      { whole: true, upserts: ['a@1', 'b@2'], deletes: [] },
    ]);
  });

  it('goes on while Redis is down and writes what it missed once it is back', async () => {
    const { buffer, writes, answers } = rig({
      initial: [
        ['a', pod('a', '1')],
        ['b', pod('b', '1')],
      ],
    });
    answers.push(down);
    buffer.set(named('c', '1'), true);
    buffer.remove('a');
    expect(await buffer.flush()).toBe(true);
    buffer.set(named('c', '2'), true);
    await buffer.flush();
    expect(writes[1]).toEqual({ whole: false, upserts: ['c@2'], deletes: ['a'] });
  });

  it('lets what happens while a write fails win over what could not be written', async () => {
    const { buffer, writes, answers } = rig({ initial: [['gone', pod('gone', '1')]] });
    answers.push(() => {
      buffer.set(named('newer', '2'), true);
      buffer.remove('removed');
      buffer.set(named('gone', '3'), true);
      return down;
    });
    buffer.set(named('newer', '1'), true);
    buffer.set(named('removed', '1'), true);
    buffer.remove('gone');
    await buffer.flush();
    await buffer.flush();
    expect(writes[1]).toEqual({ whole: false, upserts: ['gone@3', 'newer@2'], deletes: ['removed'] });
  });

  it('says so when a newer attempt holds the watch', async () => {
    const { buffer, answers } = rig();
    answers.push(refused);
    expect(await buffer.flush()).toBe(false);
  });
});
