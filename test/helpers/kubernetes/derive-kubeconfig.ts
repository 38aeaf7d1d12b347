import { readFile, writeFile } from 'node:fs/promises';
import { parse, stringify } from 'yaml';

interface KubeconfigFile {
  readonly clusters: readonly { readonly cluster: { server: string } }[];
  readonly users: readonly { readonly user: { as?: string } }[];
}

export interface DeriveKubeconfigInput {
  readonly from: string;
  readonly to: string;
  /** The server to call instead. */
  readonly server?: string;
  /** The user to impersonate. */
  readonly as?: string;
}

/** Writes a kubeconfig like another one with another server or user; returns the original server's URL. */
export async function deriveKubeconfig({ from, to, server, as }: DeriveKubeconfigInput): Promise<URL> {
  const config = parse(await readFile(from, 'utf8')) as KubeconfigFile;
  const [cluster, user] = [config.clusters[0]!.cluster, config.users[0]!.user];
  const original = new URL(cluster.server);
  if (server !== undefined) cluster.server = server;
  if (as !== undefined) user.as = as;
  await writeFile(to, stringify(config));
  return original;
}

/** Where a kubeconfig's server listens. */
export async function serverOf(kubeconfig: string): Promise<{ readonly host: string; readonly port: number }> {
  const config = parse(await readFile(kubeconfig, 'utf8')) as KubeconfigFile;
  const { hostname: host, port } = new URL(config.clusters[0]!.cluster.server);
  return { host, port: Number(port) };
}
