import type { Client } from '@temporalio/client';
import type { SessionClass } from '../../../domain/sessions/session-class.ts';
import type { PodsClient } from '../../../platform/kubernetes/client/pods.ts';
import type { Logger } from '../../../platform/logger.ts';
import type { Metrics } from '../../../platform/metrics.ts';
import type { AdmissionStore } from '../../../platform/redis/sessions/admission/admission.ts';
import type { SigningKeys } from '../../../platform/sessions/signing-keys.ts';

export interface SweepDependencies {
  readonly cluster: string;
  readonly client: Client;
  readonly pods: PodsClient;
  /** All namespaces session pods may be in. */
  readonly namespaces: readonly string[];
  readonly classes: ReadonlyMap<string, SessionClass>;
  readonly podCreationTimeoutSeconds: number;
  readonly signingKeys: SigningKeys;
  readonly admission: Pick<AdmissionStore, 'epoch' | 'rebuild' | 'confirmed' | 'release'>;
  readonly metrics: Pick<Metrics, 'sessionOrphans' | 'sessionSlots' | 'sessionPodDeletions'>;
  readonly logger: Logger;
  /** Cases of one kind that one sweep looks at. */
  readonly casesPerKind?: number;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}
