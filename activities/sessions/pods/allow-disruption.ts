import { doNotDisrupt } from '../../../domain/sessions/identity/session-names.ts';
import type { SessionActivityDependencies } from '../dependencies.ts';
import { doWork } from '../do-work.ts';
import type { SessionActivities } from '../session-activities.ts';

/** A pod that is on its way out need not hold up the removal of its node. */
export function createAllowDisruption({
  cluster,
  pods,
}: Pick<SessionActivityDependencies, 'cluster' | 'pods'>): SessionActivities['allowDisruption'] {
  return ({ cluster: asked, pod: { namespace, name, uid } }) =>
    doWork({ asked, served: cluster }, async (signal) => {
      const metadata = { annotations: { [doNotDisrupt]: null } };
      // Gone or changed by somebody at this moment: nothing depends on it.
      await pods.patchMetadata({ namespace, name, uid, metadata, signal });
    });
}
