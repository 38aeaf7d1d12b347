import { Context } from '@temporalio/activity';
import type { SessionActivityDependencies } from '../dependencies.ts';
import { askRedis, doWork } from '../do-work.ts';
import type { SessionActivities } from '../session-activities.ts';

export function createPublishSession({
  cluster,
  life,
  logger,
  metrics,
}: Pick<SessionActivityDependencies, 'cluster' | 'life' | 'logger' | 'metrics'>): SessionActivities['publishSession'] {
  return ({ cluster: asked, key, tenantHash, pod, start, startMs }) =>
    doWork({ asked, served: cluster }, async () => {
      const { incarnation, uid: podUid } = pod;
      // Once per pod, whatever Redis says. One that was there already was not made.
      if (start !== 'existing' && Context.current().info.attempt === 1) {
        metrics.sessionPodCreationSeconds.observe({ start }, startMs / 1000);
      }
      const inForce = await askRedis(life.publish({ key, incarnation, podUid, tenantHash }));
      if (!inForce) logger.warn({ podUid }, 'Redis knows a newer pod of this session, or has sealed this one');
      return inForce ? 'in-force' : 'refused';
    });
}
