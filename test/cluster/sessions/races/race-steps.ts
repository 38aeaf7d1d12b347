import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { WorkflowHandle } from '@temporalio/client';
import { sessionKey } from '../../../../domain/sessions/identity/session-key.ts';
import { sessionWorkflowId } from '../../../../domain/sessions/identity/session-names.ts';
import type { SessionKeys } from '../../../../platform/redis/sessions/session-keys.ts';
import type { SessionClient } from '../../../helpers/sessions/rig/client/session-client.ts';
import type { SessionRig } from '../../../helpers/sessions/rig/session-rig.ts';
import { until } from '../../../helpers/sessions/rig/until.ts';
import type { PodChange } from '../../../helpers/sessions/witness/tables.ts';

/** Longer than anything takes on a machine with much else to do. */
const patienceSeconds = 60;
const finalizer = 'podkeeper.dev/held-by-a-test';

/** The workflow id's part that names the session; alice's with one tenant when no owner is given. */
export function keyOf(id: string, owner = 'alice'): string {
  return sessionKey({ tenant: '', owner, id }, (text) => createHash('sha256').update(text).digest());
}

/** Waiting for states of one rig's sessions, and putting them into states that are hard to meet by chance. */
export interface RaceSteps {
  readonly run: (id: string) => WorkflowHandle;
  /** `Ready`, `Draining(idle)`, …; `absent` when there is none. A status call counts as no activity. */
  readonly state: (id: string) => Promise<string>;
  readonly untilState: (id: string, state: string) => Promise<unknown>;
  /** The pods the session has had, the newest last, each as it was seen last. */
  readonly pods: (id: string) => readonly PodChange[];
  readonly untilPods: (id: string, when: (pods: readonly PodChange[]) => boolean) => Promise<readonly PodChange[]>;
  readonly deletePod: (pod: PodChange) => Promise<unknown>;
  /** Deleted, the pod stays as it is being deleted until it is let go. */
  readonly holdPod: (pod: PodChange) => Promise<unknown>;
  readonly letGo: (pod: PodChange) => Promise<unknown>;
  /** A metric of a gateway or worker, summed over its labels. */
  readonly metric: (healthOrigin: string, name: string) => Promise<number>;
}

export function createRaceSteps(rig: SessionRig, client: SessionClient): RaceSteps {
  const state = async (id: string): Promise<string> => {
    const { status, json } = await client.status(id);
    if (status === 404) return 'absent';
    const found = json as { readonly state?: string; readonly ending?: string | null };
    return found.ending == null ? (found.state ?? `status ${status}`) : `${found.state}(${found.ending})`;
  };
  const pods = (id: string): readonly PodChange[] => {
    const latest = new Map<string, PodChange>();
    for (const change of rig.witness.changes()) if (change.sessionId === id) latest.set(change.uid, change);
    return [...latest.values()].sort((one, other) => one.incarnation - other.incarnation);
  };
  const patch = (pod: PodChange, finalizers: readonly string[]) =>
    rig.kubernetes.call({
      method: 'PATCH',
      path: `/api/v1/namespaces/${rig.namespace}/pods/${pod.name}`,
      contentType: 'application/merge-patch+json',
      body: { metadata: { finalizers } },
    });
  return {
    run: (id) => rig.temporal.workflow.getHandle(sessionWorkflowId(keyOf(id))),
    state,
    untilState: (id, wanted) => until(() => state(id), { seconds: patienceSeconds, when: (now) => now === wanted }),
    pods,
    untilPods: (id, when) => until(() => pods(id), { seconds: patienceSeconds, when }),
    deletePod: ({ name }) =>
      rig.kubernetes.call({
        method: 'DELETE',
        path: `/api/v1/namespaces/${rig.namespace}/pods/${name}`,
        query: { gracePeriodSeconds: '0' },
      }),
    holdPod: (pod) => patch(pod, [finalizer]),
    letGo: (pod) => patch(pod, []),
    metric: async (healthOrigin, name) => {
      const text = await (await fetch(`${healthOrigin}/metrics`)).text();
      const lines = text.split('\n').filter((line) => line.startsWith(name) && /^[{ ]/.test(line.slice(name.length)));
      return lines.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0);
    },
  };
}

/** Gone, or being deleted. */
export function isEnding({ type, deletedMs }: PodChange): boolean {
  return type === 'DELETED' || deletedMs !== null;
}

/** As if the records had been kept for an hour: in the first 20 s of an epoch nothing idle is removed. */
export async function ageEpoch(redis: Redis, { epoch, slots }: SessionKeys): Promise<void> {
  const [run, since] = [await redis.hget(epoch, 'run'), Date.now() - 3_600_000];
  await redis
    .multi()
    .hset(epoch, { since })
    .hset(slots, { '#epoch': `${run}:${since}` })
    .exec();
}

/** The class `refused` of a test: more than the namespace lets a container have, so that its starts fail at once. */
export const refusedResources = { requests: { cpu: '10m' }, limits: { cpu: '2', memory: '256Mi' } };

export async function refuseLargePods({ kubernetes, namespace }: SessionRig): Promise<void> {
  await kubernetes.call({
    method: 'POST',
    path: `/api/v1/namespaces/${namespace}/limitranges`,
    body: { metadata: { name: 'small' }, spec: { limits: [{ type: 'Container', max: { cpu: '1' } }] } },
  });
}
