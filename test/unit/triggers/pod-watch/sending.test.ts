import { describe, expect, it } from '@jest/globals';
import { createExclusion } from '../../../../triggers/pod-watch/exclusion.ts';
import { createPodFacts } from '../../../../triggers/pod-watch/known/pod-facts.ts';
import { retryUntil } from '../../../../triggers/pod-watch/dispatch/retry-until.ts';
import { maxSignalBytes, splitBySize } from '../../../../triggers/pod-changes/split-by-size.ts';
import { observedChange, podSnapshot } from '../../../helpers/pod-changes.ts';
import { terminated } from '../../../helpers/pods.ts';

describe('a batch for one signal', () => {
  const pending = (bytes: number) => {
    const change = observedChange();
    const snapshot = { ...change.snapshot, message: '€'.repeat(Math.ceil(bytes / 3)) };
    const pod = { uid: 'a', namespace: 'shop', name: 'a' };
    return { pod, change: { ...change, snapshot }, urgent: false, accepted: () => undefined };
  };
  const bytesOf = (items: readonly { readonly change: unknown }[]) =>
    Buffer.byteLength(JSON.stringify(items.map(({ change }) => change)));

  it('takes all that fits, from the front, counted as UTF-8', () => {
    const items = Array.from({ length: 10 }, () => pending(60_000));
    const [batch, rest] = splitBySize(items);
    expect(batch).toEqual(items.slice(0, 4));
    expect(rest).toEqual(items.slice(4));
    expect(bytesOf(batch)).toBeLessThanOrEqual(maxSignalBytes);
  });

  it('always takes one, however big it is', () => {
    const items = [pending(maxSignalBytes + 10), pending(10)];
    expect(splitBySize(items)[0]).toHaveLength(1);
    expect(splitBySize([items[0]!])).toEqual([[items[0]], []]);
  });
});

describe('retrying until it works', () => {
  it('counts the failures and brings the result', async () => {
    const told: number[] = [];
    let calls = 0;
    const result = await retryUntil(
      () => ((calls += 1) < 4 ? Promise.reject(new Error('not yet')) : Promise.resolve('done')),
      { signal: new AbortController().signal, onError: (_, failures) => told.push(failures), firstDelayMs: 1 },
    );
    expect([result, told]).toEqual(['done', [1, 2, 3]]);
  });

  it('ends at once when the signal aborts, also in the middle of a pause', async () => {
    const controller = new AbortController();
    const abortSoon = (): void => {
      setTimeout(() => controller.abort(), 20);
    };
    const startedMs = performance.now();
    const result = await retryUntil<string>(() => Promise.reject(new Error('never')), {
      signal: controller.signal,
      onError: abortSoon,
      firstDelayMs: 60_000,
      maxDelayMs: 60_000,
    });
    expect(result).toBeUndefined();
    expect(performance.now() - startedMs).toBeLessThan(5000);
  });

  it('does not even try when the signal was aborted before', async () => {
    const result = await retryUntil(() => Promise.resolve('done'), {
      signal: AbortSignal.abort(),
      onError: () => undefined,
    });
    expect(result).toBeUndefined();
  });
});

describe('what a watch remembers of a pod', () => {
  const assess = (...snapshots: ReturnType<typeof podSnapshot>[]) => {
    const facts = createPodFacts();
    return snapshots.map((snapshot) => {
      const { unchanged, urgent } = facts.assess(snapshot, true);
      return unchanged ? 'unchanged' : urgent ? 'urgent' : 'normal';
    });
  };

  it('makes its first appearance urgent and a new version that says the same no change', () => {
    expect(assess(podSnapshot({ version: 1 }), podSnapshot({ version: 2 }))).toEqual(['urgent', 'unchanged']);
  });

  it('makes a container that ended, a restart and a failed pod urgent, and nothing else', () => {
    const changes = assess(
      podSnapshot(),
      podSnapshot({ containers: [{ ready: false }] }),
      podSnapshot({ containers: [{ state: terminated({ exitCode: 1 }) }] }),
      podSnapshot({ containers: [{ restarts: 1, ready: false }] }),
      podSnapshot({ containers: [{ restarts: 2, ready: false }] }),
      podSnapshot({ phase: 'Failed', containers: [{ restarts: 2, ready: false }] }),
    );
    expect(changes).toEqual(['urgent', 'normal', 'urgent', 'normal', 'urgent', 'urgent']);
  });
});

describe('an exclusion', () => {
  it('leaves out what any pattern finds in namespace/name', () => {
    const excluded = createExclusion(['^kube-system/', '-canary$']);
    expect(excluded({ namespace: 'kube-system', name: 'proxy' })).toBe(true);
    expect(excluded({ namespace: 'shop', name: 'web-canary' })).toBe(true);
    expect(excluded({ namespace: 'shop', name: 'kube-system' })).toBe(false);
    expect(createExclusion([])({ namespace: 'shop', name: 'web' })).toBe(false);
  });
});
