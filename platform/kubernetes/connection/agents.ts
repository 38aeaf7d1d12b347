import { createHash } from 'node:crypto';
import type { ConnectionOptions } from 'node:tls';
import { Agent } from 'undici';

/** The TLS material of one identity, as the kubeconfig or its exec plugin gave it. */
export type TlsMaterial = Pick<
  ConnectionOptions,
  'ca' | 'cert' | 'key' | 'pfx' | 'passphrase' | 'servername' | 'rejectUnauthorized'
>;

/** Two agents: a long watch must never hold the connection a short call waits for. */
export interface Agents {
  /** Short calls: pooled connections, kept alive. */
  readonly unary: Agent;
  /** Watches: one connection each. */
  readonly watch: Agent;
}

const unaryConnections = 16;
const connectTimeoutMs = 10_000;
/** Load balancers drop idle connections after 60 s or more; 30 s is what client-go probes with. */
const keepAliveProbeMs = 30_000;

/**
 * Agents by certificate content, so that every request of one identity shares its connections and TLS sessions, and a
 * rotated certificate gets new ones. Older agents finish what they carry; their idle connections end by themselves.
 */
export function createAgentCache() {
  let current: { readonly fingerprint: string; readonly agents: Agents } | undefined;
  /** Not closed but kept until idle: undici's `destroy` no longer reaches the connections of a closed agent. */
  let older: Agents[] = [];

  return {
    for(tls: TlsMaterial): Agents {
      const fingerprint = fingerprintOf(tls);
      if (current?.fingerprint === fingerprint) return current.agents;
      if (current !== undefined) older = [...older.filter(isInUse), current.agents];
      current = { fingerprint, agents: createAgents(tls) };
      return current.agents;
    },
    /** Cuts every connection, of older agents too. */
    async destroy(): Promise<void> {
      const all = current === undefined ? older : [...older, current.agents];
      await Promise.all(all.flatMap(({ unary, watch }) => [unary.destroy(), watch.destroy()]));
    },
  };
}

function isInUse({ unary, watch }: Agents): boolean {
  return [unary, watch].some((agent) => Object.values(agent.stats).some(({ connected }) => Number(connected) > 0));
}

function createAgents(tls: TlsMaterial): Agents {
  // HTTP/1.1 on both: a stuck connection then holds one request, not all that are multiplexed over it.
  const shared = {
    allowH2: false,
    connect: { ...tls, timeout: connectTimeoutMs, keepAlive: true, keepAliveInitialDelay: keepAliveProbeMs },
  };
  return { unary: new Agent({ ...shared, connections: unaryConnections }), watch: new Agent(shared) };
}

function fingerprintOf(tls: TlsMaterial): string {
  const hash = createHash('sha256');
  for (const part of [tls.ca, tls.cert, tls.key, tls.pfx, tls.passphrase, tls.servername, tls.rejectUnauthorized]) {
    const bytes = typeof part === 'object' && !Buffer.isBuffer(part) ? JSON.stringify(part) : (part ?? '');
    const content = typeof bytes === 'boolean' ? String(bytes) : bytes;
    hash.update(`${typeof part}:${content.length}:`).update(content);
  }
  return hash.digest('hex');
}
