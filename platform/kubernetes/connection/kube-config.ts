import type { RequestOptions } from 'node:https';
import type { KubeConfig } from '@kubernetes/client-node';
import type { TlsMaterial } from './agents.ts';

export interface KubeConfigSource {
  /** A kubeconfig file; without it `KUBECONFIG`, `~/.kube/config`, then the pod's service account. */
  readonly kubeconfigPath?: string;
  /** A context of the kubeconfig; empty or absent takes its current one. Not used with a service account. */
  readonly context?: string;
}

export interface Credentials {
  /** The server's URL without a trailing slash; may end in a path (`https://host/k8s/clusters/c-1`). */
  readonly serverUrl: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly tls: TlsMaterial;
}

/**
 * Reads the kubeconfig or the service account anew. `@kubernetes/client-node` is imported here and nowhere else, and
 * only now: it costs 60 MB and half a second that most commands of the CLI never need.
 * @throws Error saying what is missing
 */
export async function loadKubeConfig({ kubeconfigPath, context }: KubeConfigSource): Promise<KubeConfig> {
  const { KubeConfig } = await import('@kubernetes/client-node');
  const config = new KubeConfig();
  if (kubeconfigPath === undefined) config.loadFromDefault();
  else config.loadFromFile(kubeconfigPath);

  // client-node falls back to http://localhost:8080 when it finds nothing; nobody means that.
  if (config.getCurrentContext() === 'loaded-context') {
    throw new Error('No kubeconfig found: set KUBECONFIG, create ~/.kube/config, or run inside a pod');
  }
  const inPod = config.getCurrentContext() === 'inClusterContext';
  if (context !== undefined && context !== '' && !inPod) {
    if (config.getContextObject(context) === null) {
      throw new Error(`The kubeconfig has no context "${context}"; it has: ${contextNames(config)}`);
    }
    config.setCurrentContext(context);
  }
  const cluster = config.getCurrentCluster();
  if (cluster === null) {
    throw new Error(`The kubeconfig's context "${config.getCurrentContext()}" names no cluster of it`);
  }
  if (cluster.proxyUrl !== undefined && cluster.proxyUrl !== '') {
    throw new Error(`The kubeconfig's cluster "${cluster.name}" has a proxy-url; proxies are not supported`);
  }
  return config;
}

/**
 * What one request needs, derived by client-node: it re-reads token files once a minute and runs exec plugins when
 * their credential has expired, so ask before each request.
 */
export async function credentialsOf(config: KubeConfig): Promise<Credentials> {
  const options: RequestOptions = {};
  await config.applyToHTTPSOptions(options);
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(options.headers ?? {})) {
    if (value !== undefined) headers[name.toLowerCase()] = String(value);
  }
  if (typeof options.auth === 'string') {
    headers['authorization'] = `Basic ${Buffer.from(options.auth).toString('base64')}`;
  }
  const { ca, cert, key, pfx, passphrase, servername, rejectUnauthorized } = options;
  const tls = Object.fromEntries(
    Object.entries({ ca, cert, key, pfx, passphrase, servername, rejectUnauthorized }).filter(
      ([, value]) => value !== undefined,
    ),
  ) as TlsMaterial;
  return { serverUrl: (config.getCurrentCluster()?.server ?? '').replace(/\/+$/, ''), headers, tls };
}

function contextNames(config: KubeConfig): string {
  return config
    .getContexts()
    .map((known) => known.name)
    .join(', ');
}
