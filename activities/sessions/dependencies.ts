import type { PodsClient } from '../../platform/kubernetes/client/pods.ts';
import type { Logger } from '../../platform/logger.ts';
import type { Metrics } from '../../platform/metrics.ts';
import type { AdmissionStore } from '../../platform/redis/sessions/admission/admission.ts';
import type { SessionLifeStore } from '../../platform/redis/sessions/life/session-life.ts';
import type { Probe } from '../../platform/sessions/probe.ts';
import type { SigningKeys } from '../../platform/sessions/signing-keys.ts';

export interface SessionActivityDependencies {
  /** The cluster that `pods` and the stores are of; work for another one is refused. */
  readonly cluster: string;
  readonly pods: PodsClient;
  readonly life: SessionLifeStore;
  readonly admission: Pick<AdmissionStore, 'confirm' | 'release'>;
  /** Sessions there may be. */
  readonly maxSessions: number;
  readonly signingKeys: SigningKeys;
  readonly probe: Probe;
  readonly metrics: Pick<
    Metrics,
    'sessionPodCreationSeconds' | 'sessionPodDeletions' | 'sessionIdleTimeouts' | 'sessionIdleLateSeconds'
  >;
  readonly logger: Logger;
}
