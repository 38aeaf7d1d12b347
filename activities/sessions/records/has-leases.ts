import type { SessionActivityDependencies } from '../dependencies.ts';
import { askRedis, doWork } from '../do-work.ts';
import type { SessionActivities } from '../session-activities.ts';

export function createHasLeases({
  cluster,
  life,
}: Pick<SessionActivityDependencies, 'cluster' | 'life'>): SessionActivities['hasLeases'] {
  return ({ cluster: asked, key, incarnation }) =>
    doWork({ asked, served: cluster }, () => askRedis(life.stopLeases({ key, incarnation })));
}
