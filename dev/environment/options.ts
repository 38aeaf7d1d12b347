/** Which Kubernetes the environment has. `real` falls back to `simulated` where the machine cannot carry a real node. */
export type KubernetesKind = 'none' | 'control-plane' | 'simulated' | 'real';

/** What an environment is made of. Plain data: it travels to the supervisor as JSON. */
export interface EnvironmentOptions {
  readonly temporal: boolean;
  /** A file that keeps Temporal's data when its server is killed and started again; null: in memory. */
  readonly temporalDatabase: string | null;
  readonly redis: boolean;
  readonly kubernetes: KubernetesKind;
  /** Fail instead of falling back to simulated nodes. */
  readonly realNodeRequired: boolean;
  /** How many simulated nodes stand beside or instead of the real one. */
  readonly simulatedNodes: number;
  /** More flags for the API server, such as `--etcd-compaction-interval=30s`. */
  readonly apiServerFlags: readonly string[];
  /**
   * `quick`: a crashed container waits at most 2 s. It never shows CrashLoopBackOff if it lives for seconds, so
   * `default` (10 s doubling to 5 min, as in any cluster) is what recordings and the demo use.
   */
  readonly crashLoopBackOff: 'quick' | 'default';
}

export const defaultOptions: EnvironmentOptions = {
  temporal: true,
  temporalDatabase: null,
  redis: true,
  kubernetes: 'real',
  realNodeRequired: false,
  simulatedNodes: 1,
  apiServerFlags: [],
  crashLoopBackOff: 'default',
};
