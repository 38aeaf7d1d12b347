import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { knownFrom, pod } from '../../../helpers/kubernetes/objects.ts';
import { answerStatus } from '../../../helpers/kubernetes/scripted-api-server.ts';
import { useScriptedServer } from '../../../helpers/kubernetes/use-scripted-server.ts';

describe('the metrics of a reflector', () => {
  const test = useScriptedServer();

  it('tell what was read, what it did, and how it went', async () => {
    test.server.objects = [pod({ name: 'a', version: 60 }), pod({ name: 'b', version: 61 })];
    test.server.script('watch', answerStatus(410, 'Expired'));
    const known = knownFrom([pod({ name: 'a', version: 5 }), pod({ name: 'gone', version: 6 })]);
    const clock = { aheadMs: 0 };
    const options = { known, fromVersion: '50', clock: () => Date.now() + clock.aheadMs };
    const { until, metrics } = await test.start(options);
    const first = await test.server.nextWatch();
    first.send('ADDED', pod({ name: 'c', version: 101 }));
    first.send('DELETED', pod({ name: 'b', version: 102 }));
    first.bookmark(103);
    await until((all) => all.some(({ kind }) => kind === 'bookmark'));
    // An end within a second counts as a failure.
    clock.aheadMs = 2000;
    first.end();
    await test.server.nextWatch();
    const text = await metrics.registry.metrics();
    for (const line of [
      'k8s_pods_watched 2',
      'k8s_pod_events_total{type="add"} 2',
      'k8s_pod_events_total{type="update"} 1',
      'k8s_pod_events_total{type="delete"} 2',
      'k8s_api_requests_total{verb="list",resource="pods"} 3',
      'k8s_api_requests_total{verb="watch",resource="pods"} 3',
      'k8s_api_errors_total{code="410"} 1',
      'k8s_watch_reconnections_total{reason="expired"} 1',
      'k8s_watch_reconnections_total{reason="closed"} 1',
      'k8s_watch_events_total{type="ADDED"} 1',
      'k8s_watch_events_total{type="DELETED"} 1',
      'k8s_watch_events_total{type="BOOKMARK"} 1',
      'k8s_watch_relists_total{reason="expired"} 1',
      'k8s_watch_gaps_total 1',
      'k8s_watch_queue_depth 0',
    ]) {
      expect(text).toContain(`${line}\n`);
    }
    const [, lastEvent] = /^k8s_watch_last_event_timestamp_seconds (\S+)/m.exec(text) ?? [];
    expect(Math.abs(Number(lastEvent) - Date.now() / 1000)).toBeLessThan(5);
  });

  it('show the age of the oldest stream, and nothing of one that has ended', async () => {
    const { metrics, stop } = await test.start({ fromVersion: '100' });
    await test.server.nextWatch();
    await sleep(2300);
    const age = async () => Number(/^k8s_watch_stream_age_seconds (\S+)/m.exec(await metrics.registry.metrics())?.[1]);
    expect(await age()).toBeGreaterThan(0.9);
    expect(await age()).toBeLessThan(20);
    await stop();
    expect(await age()).toBe(0);
    expect(await metrics.registry.metrics()).toContain('k8s_pods_watched 0\n');
  });
});
