import type { KubeConfig } from '@kubernetes/client-node';
import { type Agents, createAgentCache } from './agents.ts';
import { type KubeConfigSource, credentialsOf, loadKubeConfig } from './kube-config.ts';

/** Where and as whom to send one request. */
interface Endpoint extends Agents {
  readonly serverUrl: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** One API server as one identity. Make one a process and share it. */
export interface KubernetesConnection {
  /** Current URL, headers and agents; ask before every request, because tokens and certificates rotate. */
  endpoint(): Promise<Endpoint>;
  /** Forgets cached credentials and reads them again from where they came: after a 401. */
  reloadCredentials(): Promise<void>;
  /** Cuts every connection. */
  close(): Promise<void>;
}

/** @throws Error saying what is wrong with the kubeconfig or that there is none */
export async function createConnection(source: KubeConfigSource = {}): Promise<KubernetesConnection> {
  let config: KubeConfig = await loadKubeConfig(source);
  const agents = createAgentCache();
  return {
    async endpoint() {
      const { serverUrl, headers, tls } = await credentialsOf(config);
      return { serverUrl, headers, ...agents.for(tls) };
    },
    async reloadCredentials() {
      config = await loadKubeConfig(source);
    },
    close: () => agents.destroy(),
  };
}
