import type { SessionActivityDependencies } from '../dependencies.ts';
import { askRedis, doWork } from '../do-work.ts';
import type { SessionActivities } from '../session-activities.ts';

export function createSealSession({
  cluster,
  life,
}: Pick<SessionActivityDependencies, 'cluster' | 'life'>): SessionActivities['sealSession'] {
  return ({ cluster: asked, key, incarnation, forIdleness }) =>
    doWork(
      { asked, served: cluster },
      async () => (await askRedis(life.seal({ key, incarnation }, forIdleness))) === 'sealed',
    );
}
