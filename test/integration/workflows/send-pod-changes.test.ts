import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { podWorkflowId } from '../../../domain/names.ts';
import { searchAttributes } from '../../../domain/search-attributes.ts';
import { createSendPodChanges, type SendPodChanges } from '../../../triggers/pod-changes/send-pod-changes.ts';
import { healthyLife, inferredDelete, leftScope, observedChange } from '../../helpers/pod-changes.ts';
import { freshPod, quickSettings, untilTaken } from '../../helpers/workflows/pod-runs.ts';
import { startWorkflowServers, type WorkflowServers } from '../../helpers/workflows/workflow-servers.ts';

describe('sending changes to the run of their pod', () => {
  let servers: WorkflowServers;
  let send: SendPodChanges;
  beforeAll(async () => {
    servers = await startWorkflowServers();
    await servers.startPodWorker();
    const { cluster, ...runSettings } = quickSettings;
    send = createSendPodChanges({ workflow: servers.client.workflow, cluster, runSettings });
  }, 60_000);
  afterAll(() => servers.close());

  const runOf = (pod: ReturnType<typeof freshPod>) =>
    servers.client.workflow.getHandle(podWorkflowId(quickSettings.cluster, pod));

  it('starts the run with a summary and with all attributes the first object proves', async () => {
    const pod = freshPod();
    const change = observedChange({ ...pod, operation: 'add', owner: 'ReplicaSet' });
    const result = await send(pod, { changes: [change], epoch: 0 });
    const description = await runOf(pod).describe();
    expect(result).toEqual({ outcome: 'accepted', runId: description.runId });
    expect(await description.staticSummary()).toBe(`Pod shop/${pod.name} of ReplicaSet/web`);
    const pairs = description.typedSearchAttributes.getAll().map(({ key, value }) => [key.name, value] as const);
    expect(Object.fromEntries(pairs)).toMatchObject({
      [searchAttributes.cluster.name]: 'test',
      [searchAttributes.namespace.name]: 'shop',
      [searchAttributes.pod.name]: pod.name,
      [searchAttributes.owner.name]: 'ReplicaSet/web',
      [searchAttributes.node.name]: 'node-1',
    });
    await runOf(pod).terminate();
  });

  it('opens no second run for a pod whose run has ended: the change is late', async () => {
    const pod = freshPod();
    expect(await send(pod, { changes: healthyLife(pod), epoch: 0 })).toMatchObject({ outcome: 'accepted' });
    await runOf(pod).result();
    const { runId } = await runOf(pod).describe();
    expect(await send(pod, { changes: [observedChange({ ...pod, version: 35 })], epoch: 0 })).toEqual({
      outcome: 'late',
    });
    expect((await runOf(pod).describe()).runId).toBe(runId);
  });

  it('opens no run for a pod that is only known to be gone or out of scope', async () => {
    const pod = freshPod();
    expect(await send(pod, { changes: [inferredDelete()], epoch: 0 })).toEqual({ outcome: 'no-run' });
    expect(await send(pod, { changes: [leftScope()], epoch: 0 })).toEqual({ outcome: 'no-run' });
    await expect(runOf(pod).describe()).rejects.toThrow('not found');
  });

  it('gives an inferred delete to the run that is there', async () => {
    const pod = freshPod();
    await send(pod, { changes: healthyLife(pod).slice(0, 2), epoch: 0 });
    expect(await send(pod, { changes: [inferredDelete()], epoch: 0 })).toMatchObject({ outcome: 'accepted' });
    expect(await runOf(pod).result()).toMatchObject({ operations: { delete: 1 } });
  });

  it('works with names of the greatest length Kubernetes allows', async () => {
    const pod = { ...freshPod(), namespace: 'n'.repeat(63), name: 'p'.repeat(253) };
    const owner = { kind: 'ReplicaSet', name: 'o'.repeat(253), uid: 'owner-1', controller: true };
    const change = observedChange({ ...pod, metadata: { ownerReferences: [owner] } });
    expect(await send(pod, { changes: [change], epoch: 0 })).toMatchObject({ outcome: 'accepted' });
    expect(await untilTaken(runOf(pod) as Parameters<typeof untilTaken>[0], 1)).toMatchObject({ classified: 1 });
    await runOf(pod).terminate();
  });

  it('throws, so that it is tried again, when the server says no for another reason', async () => {
    const other = createSendPodChanges({
      workflow: servers.client.workflow,
      cluster: 'c'.repeat(1200),
      runSettings: quickSettings,
    });
    await expect(other(freshPod(), { changes: [observedChange()], epoch: 0 })).rejects.toThrow();
  });
});
