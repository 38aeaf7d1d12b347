/** Labels and annotations of session pods, and the ids made of a session's key: the one place that spells them. */
export const sessionLabels = {
  session: 'podkeeper.dev/session',
  incarnation: 'podkeeper.dev/incarnation',
  class: 'podkeeper.dev/class',
  /** A hash: tenants' names are nobody else's business. */
  tenant: 'podkeeper.dev/tenant',
} as const;

export const sessionAnnotations = {
  /** The client's own id, raw. */
  sessionId: 'podkeeper.dev/session-id',
  /** Of tenant and owner: by it a caller's own sessions are found. */
  ownerHash: 'podkeeper.dev/owner-hash',
  tenantName: 'podkeeper.dev/tenant-name',
  /** `<kid>.<mac>`: proves that Podkeeper made this pod for this session and incarnation. */
  owner: 'podkeeper.dev/owner',
  /** The incarnation that was probed and found ready; without it a pod takes no request. */
  ready: 'podkeeper.dev/ready',
} as const;

/** Keeps Karpenter from moving a pod that serves. https://karpenter.sh/docs/concepts/disruption/ */
export const doNotDisrupt = 'karpenter.sh/do-not-disrupt';

/** `session/<key>` */
export function sessionWorkflowId(key: string): string {
  return `session/${key}`;
}

/** `s-<key>-<incarnation>` */
export function sessionPodName(key: string, incarnation: number): string {
  return `s-${key}-${incarnation}`;
}

/** What a session pod's name says; undefined when it is not the name of one. */
export function parseSessionPodName(name: string): { readonly key: string; readonly incarnation: number } | undefined {
  const [, key, digits] = /^s-([a-z2-7]{26})-([1-9]\d{0,15})$/.exec(name) ?? [];
  if (key === undefined || digits === undefined) return undefined;
  const incarnation = Number(digits);
  return Number.isSafeInteger(incarnation) ? { key, incarnation } : undefined;
}

/** `<base>-<i>` with more than one shard, where `i` follows from the key; `base` with one. */
export function sessionNamespace(input: {
  readonly base: string;
  readonly shards: number;
  readonly key: string;
}): string {
  const { base, shards, key } = input;
  return shards === 1 ? base : `${base}-${shardOf(key, shards)}`;
}

/** All namespaces session pods of any shard live in. */
export function sessionNamespaces(base: string, shards: number): readonly string[] {
  return shards === 1 ? [base] : Array.from({ length: shards }, (_, shard) => `${base}-${shard}`);
}

/** The key is a hash already: its first characters are as good as random. */
function shardOf(key: string, shards: number): number {
  return Number.parseInt(key.slice(0, 6), 36) % shards;
}
