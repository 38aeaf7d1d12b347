import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Kubelet, CNI and containerd write to fixed places below these folders (/var/log/pods, /var/log/containers,
 * /var/lib/cni, /var/lib/kubelet, /run/containerd, /run/netns). The node sees folders of its own in their place, so the
 * machine's need not even exist.
 */
const coveredFolders = ['/var/log', '/var/lib', '/run'] as const;

/**
 * What the kubelet insists on setting machine-wide at its start (setupKernelTunables in its container manager). The
 * node sees ordinary files with these values instead, and the machine keeps its own.
 */
const kernelTunables: Readonly<Record<string, number>> = {
  'vm/overcommit_memory': 1,
  'vm/panic_on_oom': 0,
  'kernel/panic': 10,
  'kernel/panic_on_oops': 1,
  'kernel/keys/root_maxkeys': 1_000_000,
  'kernel/keys/root_maxbytes': 25_000_000,
};

/**
 * The first entries below the covered folders that must stay visible because they hold `neededPaths`: below
 * /var/lib/jenkins/work/podkeeper it is /var/lib/jenkins.
 */
export function entriesToKeep(neededPaths: readonly string[]): string[] {
  const kept = coveredFolders.flatMap((folder) =>
    neededPaths
      .filter((path) => path.startsWith(`${folder}/`))
      .map((path) => `${folder}/${path.slice(folder.length + 1).split('/')[0] ?? ''}`),
  );
  return [...new Set(kept)];
}

/**
 * Writes the script that gives the current mount namespace its private folders, and makes the folders it mounts.
 * Everything is undone by the end of the namespace's last process.
 */
export async function writeMountScript(input: {
  readonly nodeFolder: string;
  readonly neededPaths: readonly string[];
}): Promise<string> {
  const own = (path: string) => join(input.nodeFolder, 'own', path);
  // -n: mount would otherwise make a folder in the machine's /run for its own notes.
  const lines: string[] = [];
  for (const entry of entriesToKeep(input.neededPaths)) {
    await mkdir(own(entry), { recursive: true });
    lines.push(`mount -n --rbind '${entry}' '${own(entry)}'`);
  }
  for (const folder of coveredFolders) {
    await mkdir(own(folder), { recursive: true });
    lines.push(`mount -n --rbind '${own(folder)}' '${folder}'`);
  }
  for (const [name, value] of Object.entries(kernelTunables)) {
    const file = own(`sysctl-${name.replaceAll('/', '-')}`);
    await writeFile(file, `${value}\n`);
    lines.push(`mount -n --bind '${file}' '/proc/sys/${name}'`);
  }
  // No name server: pulling a missing image fails at once and reaches nobody.
  await writeFile(own('resolv.conf'), 'nameserver 127.0.0.1\noptions timeout:1 attempts:1\n');
  lines.push(`if [ -e /etc/resolv.conf ]; then mount -n --bind '${own('resolv.conf')}' /etc/resolv.conf; fi`);
  // Shared within this namespace: containerd's mounts have to show in the kubelet's volumes and the other way round.
  lines.push('mkdir -p /run/netns /run/containerd /run/lock', 'mount -n --make-rshared /');
  const script = join(input.nodeFolder, 'mounts.sh');
  await writeFile(script, `${lines.join('\n')}\n`);
  return script;
}
