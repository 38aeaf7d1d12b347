/** One class of session pods, every value filled in. Times in seconds. */
export interface SessionClass {
  readonly name: string;
  readonly image: string;
  readonly port: number;
  readonly resources: {
    readonly requests: Readonly<Record<string, string>>;
    readonly limits: Readonly<Record<string, string>>;
  };
  readonly env: Readonly<Record<string, string>>;
  /** A pod is ready when this answers 2xx or 3xx. */
  readonly probePath: string;
  readonly idleTimeoutSeconds: number;
  readonly maxLifetimeSeconds: number;
  /** How long a request is held while its pod starts. */
  readonly holdSeconds: number;
  /** How long requests in flight may go on when the session ends. */
  readonly drainSeconds: number;
  readonly bodyLimitBytes: number;
  /** `native` pods prove who they are on each new connection; `none` is for any image. */
  readonly identity: 'native' | 'none';
  /** Whether an open WebSocket alone keeps the session alive. */
  readonly openSocketIsActive: boolean;
  /** Asked once before an idle session is ended; 2xx with `{"busy": true}` keeps it. */
  readonly busyPath: string | null;
  /** Where its pods may go, as in a pod's spec. */
  readonly nodeSelector: Readonly<Record<string, string>>;
  readonly tolerations: readonly SessionToleration[];
}

/** https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/ */
export interface SessionToleration {
  readonly key?: string;
  readonly operator?: 'Exists' | 'Equal';
  readonly value?: string;
  readonly effect?: 'NoSchedule' | 'PreferNoSchedule' | 'NoExecute';
  readonly tolerationSeconds?: number;
}
