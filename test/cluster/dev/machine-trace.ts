import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from '../../../dev/shared/run-command.ts';

/** What a real node could leave on a machine, as sorted lines a kind. */
export type MachineTrace = Readonly<Record<string, readonly string[]>>;

const sysctls = [
  'net/ipv4/ip_forward',
  'net/ipv4/conf/all/forwarding',
  'net/ipv4/conf/all/route_localnet',
  'net/ipv6/conf/all/forwarding',
  'vm/overcommit_memory',
  'vm/panic_on_oom',
  'kernel/panic',
  'kernel/panic_on_oops',
  'kernel/keys/root_maxkeys',
  'kernel/keys/root_maxbytes',
];

/** Folders that kubelet, containerd, CNI, runc, mount or the control plane make on a machine that does not fence them. */
const folders = [
  '/var/log/pods',
  '/var/log/containers',
  '/var/lib/cni',
  '/var/lib/kubelet',
  '/var/lib/containerd',
  '/run/containerd',
  '/run/netns',
  '/run/runc',
  '/run/mount',
  '/run/kubernetes',
  '/opt/containerd',
  '/opt/cni',
  '/etc/cni',
  '/usr/libexec/kubernetes',
];

/** Lines that belong to other environments of this machine, which may come and go while a test runs. */
const foreign = /pk[0-9a-f]{8}h|podkeeper-[0-9a-f]{8}|10\.2(0[89]|1\d|2[0-3])\.|fe80::|ff00::/;

/**
 * Looks at the whole machine, all but other environments. `id` is the environment under test: its links, routes and cgroups
 * count, those of others do not.
 */
export async function traceMachine(id: string | null): Promise<MachineTrace> {
  const own = (line: string) => (id !== null && line.includes(id)) || !foreign.test(line);
  const lines = async (command: string, args: readonly string[]) =>
    (await runCommand({ command, args })).split('\n').filter(Boolean);
  const links = await lines('ip', ['-o', 'link', 'show']);
  const routes = await lines('ip', ['route', 'show', 'table', 'all']);
  const rules = await lines('iptables-save', []);
  return {
    mounts: readFileSync('/proc/self/mountinfo', 'utf8').split('\n').filter(Boolean).map(withoutId).sort(),
    links: links
      .map((line) => line.split(': ')[1] ?? '')
      .filter(own)
      .sort(),
    routes: routes.filter(own).sort(),
    iptables: rules
      .filter((line) => !line.startsWith('#'))
      .map(withoutCounters)
      .sort(),
    networkNamespaces: existsSync('/run/netns') ? readdirSync('/run/netns').sort() : [],
    cgroups: listCgroups('/sys/fs/cgroup').filter(own).sort(),
    sysctls: sysctls.map((name) => `${name}=${readFileSync(join('/proc/sys', name), 'utf8').trim()}`),
    folders: folders.flatMap((folder) => (existsSync(folder) ? [folder, ...readdirSync(folder)] : [])),
  };
}

/** Mount ids and parents are numbers that say nothing. */
function withoutId(line: string): string {
  return line.split(' ').slice(2).join(' ');
}

function withoutCounters(line: string): string {
  return line.replace(/\[\d+:\d+\]/, '');
}

/** Two levels: whatever a node makes begins at the top of a hierarchy, or at the top of cgroup v2. */
function listCgroups(folder: string, depth = 2): string[] {
  if (depth === 0) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap((entry) => [join(folder, entry.name), ...listCgroups(join(folder, entry.name), depth - 1)]);
}
