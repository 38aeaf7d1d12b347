import { readFile, readdir } from 'node:fs/promises';
import { mkdir, rmdir } from 'node:fs/promises';
import { createEnvironmentId } from '../plan.ts';
import { CommandError, runCommand } from '../../shared/run-command.ts';
import { findInPath, isExecutable } from '../../shared/find-in-path.ts';
import { cgroupFolders } from './cgroups.ts';
import { cniPluginFolders } from './cni.ts';

/** What the real node finds on the machine, or why there cannot be one. */
export type NodeRequirements =
  | { readonly possible: true; readonly cniPlugins: string; readonly busybox: string }
  | { readonly possible: false; readonly reason: string };

/** Programs the real node runs, and the Debian package each comes in. */
const programs: Readonly<Record<string, string>> = {
  containerd: 'containerd',
  'containerd-shim-runc-v2': 'containerd',
  ctr: 'containerd',
  runc: 'runc',
  iptables: 'iptables',
  ip: 'iproute2',
  nsenter: 'util-linux',
  unshare: 'util-linux',
  gcc: 'gcc (with libc6-dev)',
};

const wantedPlugins = ['bridge', 'host-local', 'loopback', 'portmap'];

/** Looks whether this machine can carry a real node; each reason says what to do about it. */
export async function checkNodeRequirements(env: NodeJS.ProcessEnv): Promise<NodeRequirements> {
  const no = (reason: string) => ({ possible: false, reason }) as const;
  if (process.platform !== 'linux') return no(`a real node needs Linux, this is ${process.platform}`);
  if (process.getuid?.() !== 0) return no('a real node needs root (it makes namespaces, cgroups and mounts)');
  const missing = await findMissing(env);
  if (missing.length > 0) return no(`missing: ${missing.join(', ')}; "npm run dev:packages" installs what Debian has`);
  const cniPlugins = await findCniPlugins();
  if (cniPlugins === null) return no('missing: CNI plugins (Debian package containernetworking-plugins)');
  const busybox = await findInPath('busybox', env['PATH']);
  if (busybox === null || !(await isStatic(busybox)))
    return no('missing: a static busybox (Debian package busybox-static)');
  const refused = (await checkNamespaces()) ?? (await checkCgroups());
  return refused === null ? { possible: true, cniPlugins, busybox } : no(refused);
}

async function findMissing(env: NodeJS.ProcessEnv): Promise<string[]> {
  const missing: string[] = [];
  for (const [program, debianPackage] of Object.entries(programs)) {
    if ((await findInPath(program, env['PATH'])) === null) missing.push(`${program} (Debian package ${debianPackage})`);
  }
  return missing;
}

async function findCniPlugins(): Promise<string | null> {
  for (const folder of cniPluginFolders) {
    const present = await Promise.all(wantedPlugins.map((plugin) => isExecutable(`${folder}/${plugin}`)));
    if (present.every(Boolean)) return folder;
  }
  return null;
}

/** A program that needs the dynamic loader names it near its beginning (PT_INTERP), and would not run in an empty image. */
async function isStatic(program: string): Promise<boolean> {
  return !(await readFile(program)).subarray(0, 4096).includes('/ld-');
}

async function checkNamespaces(): Promise<string | null> {
  try {
    await runCommand({ command: 'unshare', args: ['--net', '--mount', 'true'] });
    return null;
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    return `this machine does not allow new network and mount namespaces (${error.message.split('\n').at(-1) ?? ''})`;
  }
}

/** Whether cgroups can be made, and with cgroup v2 whether their limits can be handed to pods. */
async function checkCgroups(): Promise<string | null> {
  const folders = cgroupFolders(`podkeeper-probe-${createEnvironmentId()}`);
  if (folders.length === 0) return 'no cgroups are mounted at /sys/fs/cgroup';
  try {
    for (const folder of folders) {
      await mkdir(folder);
      const controllers = await readdir(folder);
      await rmdir(folder);
      if (folders.length === 1 && !controllers.includes('memory.max')) {
        return 'cgroup v2 does not hand memory limits to new top-level groups here (cgroup.subtree_control)';
      }
    }
    return null;
  } catch (error) {
    return `cgroups cannot be made here (${(error as Error).message})`;
  }
}
