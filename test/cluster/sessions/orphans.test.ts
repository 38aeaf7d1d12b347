import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { sessionLabels, sessionPodName, sessionWorkflowId } from '../../../domain/sessions/identity/session-names.ts';
import { sessionPod } from '../../../domain/sessions/pod/session-pod.ts';
import { sharedEnvironment } from '../../helpers/environment.ts';
import { simulatedClass } from '../../helpers/sessions/rig/classes.ts';
import type { SessionClient } from '../../helpers/sessions/rig/client/session-client.ts';
import { type SessionRig, startSessionRig } from '../../helpers/sessions/rig/session-rig.ts';
import { until } from '../../helpers/sessions/rig/until.ts';
import { differences } from '../../helpers/sessions/witness/checks/disagreements.ts';

jest.setTimeout(300_000);

const environment = await sharedEnvironment();
const idleTimeoutSeconds = 600;
/** A pod younger than 120 s may belong to a run that has just begun: a sweep leaves it alone, so this takes that long. */
const graceSeconds = 120 + 60;

describe('what is left over after a run or a pod went away alone', () => {
  let rig: SessionRig;
  let alice: SessionClient;
  beforeAll(async () => {
    rig = await startSessionRig(environment, {
      node: 'simulated',
      class: { idleTimeoutSeconds, maxLifetimeSeconds: 3600 },
      env: { CLEANUP_INTERVAL_SECONDS: '5' },
    });
    alice = await rig.client({ owner: 'alice' });
  });
  afterAll(async () => {
    await rig.close();
  });

  it('is repaired by the sweeps: pods get a run again, runs learn that their pod is gone, forged pods are deleted', async () => {
    const ids = (kind: string) => [0, 1, 2, 3].map((number) => `${kind}-${number}`);
    const [kept, runless, podless] = [ids('kept'), ids('runless'), ids('podless')];
    const first = await Promise.all([...kept, ...runless, ...podless].map((id) => alice.execute(id)));
    expect(first.map(({ status }) => status)).toEqual(first.map(() => 200));
    const podOf = (id: string) => first.find(({ row }) => row.sessionId === id)!.row.pod!;
    const keyOf = (id: string) => podOf(id).sessionKey ?? '';

    for (const id of runless) await rig.temporal.workflow.getHandle(sessionWorkflowId(keyOf(id))).terminate('a test');
    const path = `/api/v1/namespaces/${rig.namespace}/pods`;
    for (const id of podless) {
      const name = sessionPodName(keyOf(id), podOf(id).incarnation ?? 0);
      await rig.kubernetes.call({ method: 'DELETE', path: `${path}/${name}`, query: { gracePeriodSeconds: '0' } });
    }
    const forged = forgedPod({ namespace: rig.namespace, key: 'a'.repeat(26) });
    await rig.kubernetes.call({ method: 'POST', path, body: forged });

    await until(async () => differences(await rig.witness.records.look()), {
      seconds: graceSeconds,
      when: (found) => found.length === 0,
    });
    const { runs } = await rig.witness.records.look();
    expect(runs).toEqual(expect.arrayContaining([...kept, ...runless].map(keyOf)));
    const gone = rig.witness.changes().filter(({ type, deletedMs }) => type === 'DELETED' || deletedMs !== null);
    expect(new Set(gone.map(({ sessionKey }) => sessionKey))).toEqual(
      new Set([forged.metadata.labels[sessionLabels.session], ...podless.map(keyOf)]),
    );

    // Nobody whose pod was left noticed anything, and the others begin anew.
    const again = await Promise.all([...kept, ...runless, ...podless].map((id) => alice.at(1).execute(id)));
    expect(again.map(({ status, json }) => [status, (json as { count?: number }).count])).toEqual([
      ...[...kept, ...runless].map(() => [200, 2]),
      ...podless.map(() => [200, 1]),
    ]);
    expect(
      await rig.witness.check({
        idleTimeoutSeconds,
        limit: 1000,
        graceSeconds,
        endedOnPurpose: [...podless, 'forged'],
      }),
    ).toEqual([]);
  });
});

/** A pod as anybody could make it who may make pods: all labels are right, the signature is not. */
function forgedPod({ namespace, key }: { readonly namespace: string; readonly key: string }) {
  return sessionPod({
    namespace,
    key,
    incarnation: 1,
    sessionId: 'forged',
    tenantHash: 'h',
    ownerHash: 'o',
    tenant: '',
    class: simulatedClass(8080),
    owner: `k1.${'A'.repeat(43)}`,
    podKey: null,
  });
}
