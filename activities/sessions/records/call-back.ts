import type { SessionActivityDependencies } from '../dependencies.ts';
import { askRedis, doWork } from '../do-work.ts';
import type { SessionActivities } from '../session-activities.ts';

export function createCallBack({
  cluster,
  life,
}: Pick<SessionActivityDependencies, 'cluster' | 'life'>): SessionActivities['callBack'] {
  return ({ cluster: asked, key, incarnation, idle = false }) =>
    doWork({ asked, served: cluster }, () => askRedis(life.undrain({ key, incarnation }, !idle)));
}
