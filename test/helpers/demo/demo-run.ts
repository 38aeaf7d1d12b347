import type { Act } from '../../../dev/demo/acts/acts.ts';
import type { DemoRun } from '../../../dev/demo/runs.ts';
import type { SeenPod } from '../../../dev/scenarios/scenario.ts';
import type { TimelineEntry } from '../../../domain/pods/run/pod-run.ts';
import type { Cause } from '../../../domain/pods/verdict/types.ts';

/** One classification; an incident when it has a cause. */
export function entry(input: {
  readonly version: string;
  readonly operation?: TimelineEntry['operation'];
  readonly cause?: Cause;
}): TimelineEntry {
  const { version, operation = 'update', cause } = input;
  return {
    version,
    operation,
    observedAt: `2026-01-01T00:00:0${version}Z`,
    taskName: `Pod ${operation}: web`,
    tags: [],
    transitions: [],
    health: cause === undefined ? 'Healthy' : 'Degraded',
    incident: cause !== undefined,
    primary: cause ?? null,
    severity: cause === undefined ? null : 'high',
    summary: cause === undefined ? null : `container app: ${cause}`,
    changeClassified: true,
    rulesVersion: 'none',
    elapsedMs: 1,
    attempt: Number(version),
  };
}

/** The run of the pod `web` as the demo reads it: added, then whatever comes. */
export function demoRun({
  state,
  ...input
}: Partial<Omit<DemoRun, 'state'>> & { state?: Partial<DemoRun['state']> } = {}): DemoRun {
  return {
    uid: 'uid-web',
    pod: 'web',
    workflowId: 'pod/demo/demo/web/uid-web',
    runId: 'run-1',
    url: 'http://127.0.0.1:8233/run-1',
    status: 'RUNNING',
    timeline: [entry({ version: '1', operation: 'add' }), entry({ version: '2' })],
    ...input,
    state: {
      pod: { namespace: 'demo', name: 'web', uid: 'uid-web' },
      operations: { add: 1, update: 1, delete: 0 },
      restarts: 0,
      worstSeverity: null,
      primaryCauses: [],
      classified: 2,
      failed: 0,
      gone: false,
      snapshot: null,
      verdict: null,
      ...state,
    },
  };
}

/** The pod `web` as the demo's own watch shows it. */
export function seenPod(
  input: { readonly deleted?: boolean; readonly phase?: string; readonly restarts?: number } = {},
): SeenPod {
  const { deleted = false, phase = 'Running', restarts = 0 } = input;
  const containerStatuses = [{ name: 'app', image: 'busybox', imageID: '', ready: true, restartCount: restarts }];
  return {
    role: 'web',
    deleted,
    pod: { metadata: { name: 'web', uid: 'uid-web' }, status: { phase, containerStatuses } },
  };
}

/** An act whose only pod is `web`, with these incidents. */
export function act(causes: readonly Cause[]): Act {
  return {
    pods: 'web',
    shows: 'a test',
    simulated: 'as it is',
    scenario: { name: 'web', description: 'a test', objects: [], until: () => true, incidents: { web: causes } },
  };
}
