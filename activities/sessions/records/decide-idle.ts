import type { SessionActivityDependencies } from '../dependencies.ts';
import { askRedis, doWork } from '../do-work.ts';
import type { SessionActivities } from '../session-activities.ts';

/** Confirms the slot first: a session that lives on must not lose its place among those that are counted. */
export function createDecideIdle({
  cluster,
  life,
  admission,
}: Pick<SessionActivityDependencies, 'cluster' | 'life' | 'admission'>): SessionActivities['decideIdle'] {
  return ({ cluster: asked, key, tenantHash, pod, idleTimeoutMs, runId }) =>
    doWork({ asked, served: cluster }, async () => {
      await askRedis(admission.confirm({ key, tenantHash }, runId));
      const { incarnation, uid: podUid } = pod;
      return await askRedis(life.idleDecide({ key, incarnation, podUid, tenantHash }, idleTimeoutMs));
    });
}
