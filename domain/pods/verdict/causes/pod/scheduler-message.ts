interface Obstacle {
  readonly detail: string;
  readonly pattern: RegExp;
  readonly remedy: string;
}

/** What the scheduler's plugins write, and what it means. The first pattern that fits a part of the message decides. */
const obstacles: readonly Obstacle[] = [
  { detail: 'cpu', pattern: /insufficient cpu/i, remedy: 'lower the CPU requests of the pod or add nodes' },
  { detail: 'memory', pattern: /insufficient memory/i, remedy: 'lower the memory requests of the pod or add nodes' },
  {
    detail: 'extended-resource',
    pattern: /insufficient \S+|cannot allocate all claims/i,
    remedy: 'no node has enough of the resource named in the message: check the device plugin or add such nodes',
  },
  {
    detail: 'topology',
    pattern: /topology spread/i,
    remedy: 'relax topologySpreadConstraints or add nodes in the zones that lack the pod',
  },
  {
    detail: 'volume',
    pattern: /volume|persistent/i,
    remedy: 'check the PersistentVolumeClaims of the pod: whether they exist, are bound, and in which zone',
  },
  {
    detail: 'node-selector',
    pattern: /node affinity|node selector|nodeselector/i,
    remedy: 'label a node as nodeSelector or node affinity ask, or change them',
  },
  { detail: 'affinity', pattern: /affinity/i, remedy: 'relax the pod affinity or anti-affinity rules' },
  {
    detail: 'taint',
    pattern: /taint|were unschedulable/i,
    remedy: 'add a toleration for the taint named in the message, or uncordon a node',
  },
  {
    detail: 'ports',
    pattern: /free ports/i,
    remedy: 'the host port is taken on every node: drop hostPort or add nodes',
  },
  { detail: 'quota', pattern: /quota/i, remedy: 'raise the quota of the namespace' },
];

/**
 * The obstacles that a message such as `0/3 nodes are available: 2 Insufficient cpu, 1 node(s) had untolerated taint {…}`
 * names, those of most nodes first, and a hint for the first of them.
 */
export function readSchedulerMessage(message: string): { readonly detail: string; readonly remedy: string } {
  const nodesOf = new Map<Obstacle, number>();
  const [first = ''] = message.slice(0, 4096).split(/\bpreemption:/);
  for (const part of first.replace(/^.*?nodes are available:/, '').split(/[,;] (?=\d)|\. /)) {
    const obstacle = obstacles.find(({ pattern }) => pattern.test(part));
    if (obstacle === undefined) continue;
    const nodes = Number(/^\s*(\d+)/.exec(part)?.[1] ?? 0);
    nodesOf.set(obstacle, (nodesOf.get(obstacle) ?? 0) + nodes);
  }
  const sorted = [...nodesOf].sort(([, one], [, other]) => other - one).map(([obstacle]) => obstacle);
  return {
    detail: sorted.length === 0 ? 'unknown' : sorted.map(({ detail }) => detail).join(', '),
    remedy: sorted[0]?.remedy ?? 'read the message of the scheduler',
  };
}
