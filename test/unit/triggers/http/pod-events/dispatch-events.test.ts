import { describe, expect, it } from '@jest/globals';
import { createMetrics } from '../../../../../platform/metrics.ts';
import { createEventDispatch } from '../../../../../triggers/http/pod-events/dispatch-events.ts';
import type { PodDelivery } from '../../../../../triggers/http/pod-events/deliver-changes.ts';
import type { PodEvent } from '../../../../../triggers/http/pod-events/read-pod-event.ts';
import { Problem } from '../../../../../triggers/http/problems/problem.ts';
import { observedChange } from '../../../../helpers/pod-changes.ts';

const limits = { requestsPerMinute: 1, requestTimeoutSeconds: 10, dispatchQueueLimit: 8, dispatchConcurrency: 2 };

function podEvent(name: string, version: number, bytes = 0): PodEvent {
  const pod = { namespace: 'shop', name, uid: name };
  const change = observedChange({ ...pod, version });
  const snapshot = bytes === 0 ? change.snapshot : { ...change.snapshot, message: 'm'.repeat(bytes) };
  return { resourceId: undefined, pod, change: { ...change, snapshot } };
}

/** A dispatch whose deliveries wait until the test ends them. */
function rig({ hold = false }: { readonly hold?: boolean } = {}) {
  const sent: string[] = [];
  const held: (() => void)[] = [];
  const failing = new Set<string>();
  const metrics = createMetrics();
  const { dispatch } = createEventDispatch({
    cluster: 'test',
    limits,
    metrics,
    problemOf: (error) => new Problem('temporal_unavailable', { cause: error }),
    async deliver({ pod, changes }: PodDelivery) {
      const versions = changes.map((change) => ('snapshot' in change ? change.snapshot.version : ''));
      sent.push(`${pod.name} ${versions.join(',')}`);
      if (hold) {
        await new Promise<void>((release) => void held.push(release));
      }
      if (versions.some((version) => failing.has(version))) throw new Error('no answer');
      return { outcome: 'accepted', workflowId: `pod/${pod.name}`, runId: 'run' };
    },
  });
  const counted = async () =>
    Object.fromEntries(
      (await metrics.httpEvents.get()).values.map(({ labels, value }) => [labels.result ?? '', value]),
    );
  const waiting = async () => (await metrics.httpEventsWaiting.get()).values[0]?.value;
  return { dispatch, sent, held, failing, counted, waiting };
}

const outcomes = (result: ReadonlyMap<PodEvent, { readonly outcome: string }>, events: readonly PodEvent[]) =>
  events.map((event) => result.get(event)?.outcome);

describe('dispatching pod events', () => {
  it('sends the events of one pod in order and in one signal, several pods at once', async () => {
    const { dispatch, sent, counted, waiting } = rig();
    const events = [podEvent('a', 1), podEvent('b', 1), podEvent('a', 2), podEvent('a', 3)];
    expect(outcomes(await dispatch(events), events)).toEqual(['accepted', 'accepted', 'accepted', 'accepted']);
    expect(sent).toEqual(['a 1,2,3', 'b 1']);
    expect([await counted(), await waiting()]).toEqual([{ accepted: 4 }, 0]);
  });

  it('splits what does not fit into one signal', async () => {
    const { dispatch, sent } = rig();
    await dispatch([podEvent('a', 1, 150_000), podEvent('a', 2, 150_000), podEvent('a', 3)]);
    expect(sent).toEqual(['a 1', 'a 2,3']);
  });

  it('sends nothing of a pod past a signal that failed, and goes on with other pods', async () => {
    const { dispatch, sent, failing, counted, waiting } = rig();
    failing.add('2');
    const events = [podEvent('a', 1, 150_000), podEvent('a', 2, 150_000), podEvent('a', 3, 150_000), podEvent('b', 1)];
    expect(outcomes(await dispatch(events), events)).toEqual(['accepted', 'failed', 'failed', 'accepted']);
    expect(sent).toEqual(['a 1', 'b 1', 'a 2']);
    expect([await counted(), await waiting()]).toEqual([{ accepted: 2, failed: 2 }, 0]);
  });

  it('keeps the order of a pod across requests', async () => {
    const { dispatch, sent, held } = rig({ hold: true });
    const all = Promise.all([dispatch([podEvent('a', 1)]), dispatch([podEvent('a', 2)]), dispatch([podEvent('b', 1)])]);
    await Promise.resolve();
    expect(sent).toEqual(['a 1', 'b 1']);
    while (sent.length < 3 || held.length > 0) {
      held.shift()?.();
      await new Promise((resolve) => setImmediate(resolve));
    }
    await all;
    expect(sent).toEqual(['a 1', 'b 1', 'a 2']);
  });

  it('takes nothing of a request that would exceed the queue, and all again when there is room', async () => {
    const { dispatch, sent, held, counted, waiting } = rig({ hold: true });
    const events = Array.from({ length: 6 }, (_, index) => podEvent(`pod-${index}`, 1));
    const first = dispatch(events);
    expect(await waiting()).toBe(6);
    const more = [podEvent('x', 1), podEvent('y', 1), podEvent('z', 1)];
    await expect(dispatch(more)).rejects.toMatchObject({ code: 'dispatch_full', status: 429, retryAfterSeconds: 1 });
    const fitting = dispatch(more.slice(1));
    while ((await waiting()) !== 0) {
      held.shift()?.();
      await new Promise((resolve) => setImmediate(resolve));
    }
    await Promise.all([first, fitting]);
    expect(sent).not.toContain('x 1');
    expect(await counted()).toEqual({ refused: 3, accepted: 8 });
  });
});
