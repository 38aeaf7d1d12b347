import { describe, expect, it } from '@jest/globals';
import { defaultPayloadConverter } from '@temporalio/common';
import fc from 'fast-check';
import type { PodChange } from '../../../../../domain/pods/pod-change.ts';
import { nextPodAttributes, podStartAttributes } from '../../../../../domain/pods/run/pod-run-attributes.ts';
import { newPodRun } from '../../../../../domain/pods/run/pod-run.ts';
import type { WatchHeartbeat } from '../../../../../domain/pods/watch/watch-view.ts';
import type { PodLifecycleInput } from '../../../../../workflows/pod-lifecycle.messages.ts';
import type { WatchPodsInput } from '../../../../../workflows/watch-pods.messages.ts';
import { rememberAnswer } from '../../../../../domain/pods/run/reclassify/record-reclassified.ts';
import { drivePodRun, reclassifyPodRun } from '../../../../helpers/drive-pod-run.ts';
import {
  crashingLife,
  healthyLife,
  inferredDelete,
  leftScope,
  malformedChange,
  observedChange,
} from '../../../../helpers/pod-changes.ts';
import { deleting, probe, terminated, waiting } from '../../../../helpers/pods.ts';
import { check, propertySeed } from '../../../../helpers/properties.ts';
import { watchConfiguration } from '../../../../helpers/workflows/watch-runs.ts';
import { checkpointAt, gapFrom } from '../../../../helpers/watch-values.ts';

/** Through Temporal's JSON converter and back; strict, so that a key lost because it was undefined counts as a change. */
function expectUnchanged(value: unknown): void {
  const payload = defaultPayloadConverter.toPayload(value);
  expect(defaultPayloadConverter.fromPayload(payload)).toStrictEqual(value);
}

const oom = { state: terminated({ exitCode: 137, reason: 'OOMKilled' }), memoryLimit: '64Mi', restarts: 2 };
const changes: readonly PodChange[] = [
  ...healthyLife(),
  ...crashingLife(),
  observedChange({
    version: 11,
    containers: [oom, { name: 'side', type: 'sidecar', spec: { livenessProbe: probe() } }],
  }),
  observedChange({ version: 12, phase: 'Failed', status: { reason: 'Evicted', message: 'low on memory' } }),
  observedChange({
    version: 13,
    phase: 'Pending',
    containers: [{ state: waiting('ImagePullBackOff', 'no such image') }],
  }),
  observedChange({ version: 14, metadata: { ...deleting(0), labels: { 'a/b': '' }, finalizers: ['x/y'] } }),
  observedChange({ version: '', containers: [{ state: null }] }),
  malformedChange(15),
  leftScope(16),
  inferredDelete(17),
];
const batches = fc.array(fc.array(fc.constantFrom(...changes), { minLength: 1, maxLength: 4 }), { maxLength: 8 });

describe(`what goes through Temporal comes out unchanged (PODKEEPER_TEST_SEED=${propertySeed})`, () => {
  it('as a pod run: changes, inputs and outcomes of classifications and reclassifications, state, attributes', () => {
    check(
      batches,
      (drawn) => {
        drawn.forEach(expectUnchanged);
        const state = drivePodRun(drawn, { inspect: expectUnchanged });
        const { result } = reclassifyPodRun(state, { inspect: expectUnchanged });
        const answer = { requestId: 'r', reason: '', answeredAt: '2026-03-01T12:00:00Z', result };
        const shown = nextPodAttributes({}, state) ?? {};
        const input: PodLifecycleInput = {
          cluster: 'test',
          pod: { namespace: 'shop', name: 'web-1', uid: 'uid-1' },
          classificationTimeoutMs: 2000,
          failedRetentionSeconds: 1,
          idleCheckSeconds: 1,
          carried: {
            state: rememberAnswer(state, answer),
            shown,
            queue: drawn.map((batch) => ({ changes: batch, epoch: 0 })),
          },
        };
        expectUnchanged(input);
      },
      60,
    );
    expectUnchanged(newPodRun());
    expectUnchanged(podStartAttributes({ cluster: 'test', change: observedChange() }));
  });

  it('as a watch: its input with all it carries, a gap, a heartbeat', () => {
    const input: WatchPodsInput = {
      cluster: 'test',
      configuration: watchConfiguration(),
      configHash: 'hash',
      revision: 1,
      carried: {
        checkpoint: checkpointAt(7),
        interval: 3,
        paused: true,
        gaps: [gapFrom('')],
        gapCount: 4,
        lastInterval: { endedBy: 'cancelled', accepted: 0 },
        missingPermissions: [],
      },
    };
    const heartbeat: WatchHeartbeat = { checkpoint: null, view: null };
    for (const value of [input, gapFrom('5'), heartbeat]) expectUnchanged(value);
  });

  it('or the check would see it', () => {
    for (const value of [{ a: undefined }, { a: new Date(0) }, { a: new Map() }, { a: Number.NaN }]) {
      expect(() => expectUnchanged(value)).toThrow();
    }
  });
});
