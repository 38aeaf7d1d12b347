import type { SessionActivityDependencies } from '../dependencies.ts';
import { askRedis, doWork } from '../do-work.ts';
import type { SessionActivities } from '../session-activities.ts';

export function createReleaseSlot({
  cluster,
  admission,
}: Pick<SessionActivityDependencies, 'cluster' | 'admission'>): SessionActivities['releaseSlot'] {
  return ({ cluster: asked, key, runId }) =>
    doWork({ asked, served: cluster }, async () => {
      // False is as good: the slot is free, or another run has it.
      await askRedis(admission.release(key, runId));
    });
}
