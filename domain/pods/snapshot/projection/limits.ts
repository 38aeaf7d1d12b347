/** The most a snapshot may take as UTF-8 JSON. A signal of 256 KB holds eight of them. */
export const snapshotLimitBytes = 32_000;

/** How much of each part of a Pod is kept. Lengths are UTF-16 units, the others are counts. */
export interface ProjectionLimits {
  readonly labels: number;
  /** Free text: `message` of the Pod, of conditions, of container states. Cut in the middle. */
  readonly message: number;
  /** Short texts: reasons, times, statuses. Kubernetes keeps reasons below 128. */
  readonly word: number;
  /** Object and container names; the API allows 253. */
  readonly name: number;
  readonly image: number;
  readonly conditions: number;
  /** Finalizers, scheduling gates, readiness gates: each so many. */
  readonly gates: number;
  readonly resources: number;
  readonly restartRules: number;
  readonly exitCodes: number;
  readonly containers: number;
  /** Whether containers that show no trouble keep more than name, type and status. */
  readonly healthyDetail: boolean;
  /** Whether failing containers keep image, resources and probes too. */
  readonly failingDetail: boolean;
}

/** What a Pod of ordinary size is projected with. */
export const fullLimits: ProjectionLimits = {
  labels: 64,
  message: 1024,
  word: 128,
  name: 253,
  image: 512,
  conditions: 24,
  gates: 16,
  resources: 8,
  restartRules: 20,
  exitCodes: 64,
  containers: 128,
  healthyDetail: true,
  failingDetail: true,
};

const noLabels: ProjectionLimits = { ...fullLimits, labels: 0, message: 256, conditions: 16, exitCodes: 16 };
const bare: ProjectionLimits = { ...noLabels, healthyDetail: false };
const short: ProjectionLimits = { ...bare, message: 96, gates: 8, image: 256, resources: 4 };
const recordsOnly: ProjectionLimits = { ...short, message: 64, failingDetail: false, restartRules: 4, exitCodes: 8 };

/**
 * From generous to harsh; a Pod is projected with the first that fits. What a verdict needs least goes first: labels
 * and long messages, then what healthy containers are made of, then healthy containers, then the rest. Reasons, exit
 * codes and times of failing containers go last.
 */
export const projectionLevels: readonly ProjectionLimits[] = [
  fullLimits,
  { ...fullLimits, labels: 32, message: 512 },
  { ...fullLimits, labels: 8, message: 256 },
  noLabels,
  bare,
  { ...short, containers: 64 },
  { ...recordsOnly, containers: 64 },
  { ...recordsOnly, containers: 32 },
  { ...recordsOnly, containers: 16, gates: 4, word: 64, name: 128 },
];

/** Fits whatever the Pod holds, control characters (six bytes each in JSON) included: a test holds it. */
export const harshestLimits: ProjectionLimits = {
  ...recordsOnly,
  containers: 4,
  conditions: 6,
  gates: 2,
  restartRules: 1,
  exitCodes: 4,
  message: 32,
  word: 32,
  name: 64,
  image: 32,
};
