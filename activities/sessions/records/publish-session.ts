import type { SessionActivityDependencies } from '../dependencies.ts';
import { askRedis, doWork } from '../do-work.ts';
import type { SessionActivities } from '../session-activities.ts';

export function createPublishSession({
  cluster,
  life,
  logger,
}: Pick<SessionActivityDependencies, 'cluster' | 'life' | 'logger'>): SessionActivities['publishSession'] {
  return ({ cluster: asked, key, tenantHash, pod }) =>
    doWork({ asked, served: cluster }, async () => {
      const { incarnation, uid: podUid } = pod;
      const inForce = await askRedis(life.publish({ key, incarnation, podUid, tenantHash }));
      // The next look whether it is idle answers the same, and the session's run acts on that.
      if (!inForce) logger.warn({ podUid }, 'Redis knows a newer pod of this session, or has sealed this one');
    });
}
