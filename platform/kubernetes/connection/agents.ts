import { createHash } from 'node:crypto';
import type { ConnectionOptions } from 'node:tls';
import { Agent, type Dispatcher } from 'undici';

/** The TLS material of one identity, as the kubeconfig or its exec plugin gave it. */
export type TlsMaterial = Pick<
  ConnectionOptions,
  'ca' | 'cert' | 'key' | 'pfx' | 'passphrase' | 'servername' | 'rejectUnauthorized'
>;

/** Two agents: a long watch must never hold the connection a short call waits for. */
export interface Agents {
  /** Short calls: pooled connections, kept alive. */
  readonly unary: Dispatcher;
  /** Watches: one connection each. */
  readonly watch: Dispatcher;
}

const unaryConnections = 16;
const connectTimeoutMs = 10_000;
/** Load balancers drop idle connections after 60 s or more; 30 s is what client-go probes with. */
const keepAliveProbeMs = 30_000;

/**
 * Agents by certificate content, so that every request of one identity shares its connections and TLS sessions, and a
 * rotated certificate gets new ones. Connections of older content finish what they carry and close.
 */
export function createAgentCache() {
  let current: { readonly fingerprint: string; readonly agents: Agents } | undefined;
  const all = new Set<Dispatcher>();

  const retire = (agent: Dispatcher) => {
    void agent.close().finally(() => all.delete(agent));
  };

  return {
    for(tls: TlsMaterial): Agents {
      const fingerprint = fingerprintOf(tls);
      if (current?.fingerprint === fingerprint) return current.agents;
      if (current !== undefined) {
        retire(current.agents.unary);
        retire(current.agents.watch);
      }
      const agents = createAgents(tls);
      all.add(agents.unary).add(agents.watch);
      current = { fingerprint, agents };
      return agents;
    },
    /** Cuts every connection, old and new. */
    async destroy(): Promise<void> {
      await Promise.all([...all].map((agent) => agent.destroy()));
      all.clear();
    },
  };
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
