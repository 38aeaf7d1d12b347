import type { SessionActivityDependencies } from './dependencies.ts';
import { createCreateSessionPod } from './pods/create-session-pod.ts';
import { createAllowDisruption } from './pods/allow-disruption.ts';
import { createDeleteSessionPod } from './pods/delete-session-pod.ts';
import { createDiscoverSession } from './pods/discover-session.ts';
import { createFollowStart } from './pods/follow-start.ts';
import { createIsBusy } from './pods/is-busy.ts';
import { createIsPodAlive } from './pods/is-pod-alive.ts';
import { createCallBack } from './records/call-back.ts';
import { createDecideIdle } from './records/decide-idle.ts';
import { createHasLeases } from './records/has-leases.ts';
import { createHearGateways } from './records/hear-gateways.ts';
import { createPublishSession } from './records/publish-session.ts';
import { createReleaseSlot } from './records/release-slot.ts';
import { createSealSession } from './records/seal-session.ts';
import type { SessionActivities } from './session-activities.ts';

/** The activities of `session`. */
export function createSessionActivities(dependencies: SessionActivityDependencies): SessionActivities {
  return {
    discoverSession: createDiscoverSession(dependencies),
    createSessionPod: createCreateSessionPod(dependencies),
    followStart: createFollowStart(dependencies),
    publishSession: createPublishSession(dependencies),
    isPodAlive: createIsPodAlive(dependencies),
    decideIdle: createDecideIdle(dependencies),
    isBusy: createIsBusy(dependencies),
    callBack: createCallBack(dependencies),
    sealSession: createSealSession(dependencies),
    hasLeases: createHasLeases(dependencies),
    hearGateways: createHearGateways(dependencies),
    allowDisruption: createAllowDisruption(dependencies),
    deleteSessionPod: createDeleteSessionPod(dependencies),
    releaseSlot: createReleaseSlot(dependencies),
  };
}
