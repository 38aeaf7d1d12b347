import type { WorkflowClient } from '@temporalio/client';
import type { WatchCheckpoint } from '../../domain/pods/watch/watch-checkpoint.ts';
import type { KubernetesClient } from '../../platform/kubernetes/client/client.ts';
import type { KubernetesConnection } from '../../platform/kubernetes/connection/connection.ts';
import type { Logger } from '../../platform/logger.ts';
import type { Metrics } from '../../platform/metrics.ts';
import type { KnownPodsStore, WriteFence } from '../../platform/redis/known-pods.ts';
import type { WatchIntervalInput } from '../../workflows/watch-pods.messages.ts';
import type { WatchHolder } from './hold/watch-holder.ts';

/** What the watch activity works with; made once a process. */
export interface WatchDependencies {
  /** The cluster `connection` leads to; work for another one is refused. */
  readonly cluster: string;
  readonly workflow: WorkflowClient;
  readonly connection: KubernetesConnection;
  readonly kubernetes: KubernetesClient;
  readonly knownPods: (scope: { readonly cluster: string; readonly scopeName: string }) => KnownPodsStore;
  /** Host and process, as shown in the watch's status. */
  readonly identity: string;
  readonly holder: WatchHolder;
  /** Aborted on SIGTERM: the watch hands over at once, long before the worker's grace time would end. */
  readonly shutdown: AbortSignal;
  readonly metrics: Metrics;
  readonly logger: Logger;
}

/** One attempt of the watch activity. */
export interface OpenWatchOptions extends WatchDependencies {
  readonly input: WatchIntervalInput;
  /** Where to go on; null on the first start ever. */
  readonly start: WatchCheckpoint | null;
  readonly fence: WriteFence;
}
