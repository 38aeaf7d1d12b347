import { randomUUID } from 'node:crypto';
import type { Cause } from '../../../domain/pods/verdict/types.ts';
import { reportedNamespace } from './rules.ts';

/** A pod that somebody tells of over HTTP, and what is wrong with it. */
export interface ReportedPod {
  readonly name: string;
  readonly uid: string;
  /** The primary causes that make an incident; none for a healthy pod. Written down from what its status says. */
  readonly causes: readonly Cause[];
  /** As it is sent to the webhook. */
  readonly event: object;
}

/** Three pods, each with a uid of its own, as of `now`. None has the label that the rule asks for. */
export function reportPods(now: Date): readonly ReportedPod[] {
  const ago = (seconds: number) => new Date(now.getTime() - seconds * 1000).toISOString();
  const terminated = (reason: string, exitCode: number) => ({
    terminated: { reason, exitCode, startedAt: ago(60), finishedAt: ago(30) },
  });
  const crashed = (reason: string, exitCode: number) => ({
    restartCount: 3,
    ready: false,
    state: { waiting: { reason: 'CrashLoopBackOff', message: 'back-off 40s restarting failed container' } },
    lastState: terminated(reason, exitCode),
  });
  const running = { restartCount: 0, ready: true, state: { running: { startedAt: ago(280) } }, lastState: {} };

  const report = (name: string, causes: readonly Cause[], container: object): ReportedPod => {
    const uid = randomUUID();
    const ready = causes.length === 0 ? 'True' : 'False';
    const condition = (type: string, status: string) => ({ type, status, lastTransitionTime: ago(290) });
    const item = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        name,
        namespace: reportedNamespace,
        uid,
        resourceVersion: '1',
        creationTimestamp: ago(300),
        labels: { app: name },
        ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: `${name}-7d4b9`, uid: randomUUID() }],
      },
      spec: { nodeName: 'elsewhere-1', containers: [{ name: 'app', image: `registry.example/${name}:1` }] },
      status: {
        phase: 'Running',
        startTime: ago(295),
        conditions: [
          condition('PodScheduled', 'True'),
          condition('Initialized', 'True'),
          condition('ContainersReady', ready),
          condition('Ready', ready),
        ],
        containerStatuses: [{ name: 'app', image: `registry.example/${name}:1`, imageID: '', ...container }],
      },
    };
    return { name, uid, causes, event: { resourceId: `${reportedNamespace}/${name}`, type: 'add', item } };
  };
  return [
    report('invoices', ['OOMKilled'], crashed('OOMKilled', 137)),
    report('ledger', ['AppError'], crashed('Error', 2)),
    report('receipts', [], running),
  ];
}
