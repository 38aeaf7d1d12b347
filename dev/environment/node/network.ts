import { writeFile, access } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from '../../shared/run-command.ts';
import type { ServerSpec } from '../processes/server-spec.ts';
import type { NodeSubnets } from './subnets.ts';
import { findTakenRanges, pickSubnets } from './subnets.ts';

/**
 * The process that holds the node's network and mount namespaces and does nothing else: containerd and kubelet enter
 * them through it and may be restarted, and when it and they are gone, so are cable, routes, iptables rules and mounts.
 */
export function namespaceHolder(input: { readonly nodeFolder: string; readonly mountScript: string }): ServerSpec {
  const readyFile = join(input.nodeFolder, 'namespaces-ready');
  const script = [
    'set -e',
    `. '${input.mountScript}'`,
    'ip link set lo up',
    'echo 1 > /proc/sys/net/ipv4/ip_forward',
    `touch '${readyFile}'`,
    'exec sleep infinity',
  ].join('\n');
  return {
    name: 'node-namespaces',
    command: 'unshare',
    args: ['--net', '--mount', '--propagation', 'private', 'sh', '-c', script],
    isReady: () =>
      access(readyFile).then(
        () => true,
        () => false,
      ),
    readyTimeoutSeconds: 10,
  };
}

/** The arguments of nsenter that lead into the node. Not `ip netns exec`: that remounts /sys and hides the cgroups. */
export function enterNode(holderPid: number): readonly string[] {
  return [`--net=/proc/${holderPid}/ns/net`, `--mount=/proc/${holderPid}/ns/mnt`];
}

const attempts = 5;

/** Lays the cable between host and node on free addresses, with the host's route to the pods. */
export async function connectNode(input: {
  readonly holderPid: number;
  readonly hostLink: string;
  readonly nodeFolder: string;
}): Promise<NodeSubnets> {
  for (let attempt = 1; ; attempt++) {
    const subnets = pickSubnets(await findTakenRanges());
    try {
      await layCable({ ...input, subnets });
      await writeFile(join(input.nodeFolder, 'subnets.json'), JSON.stringify(subnets));
      return subnets;
    } catch (error) {
      // Another environment may have taken the same addresses since they were looked up; the kernel refuses a second route.
      await ip(['link', 'delete', input.hostLink]).catch(() => undefined);
      if (attempt === attempts) throw error;
    }
  }
}

async function layCable(input: {
  readonly holderPid: number;
  readonly hostLink: string;
  readonly subnets: NodeSubnets;
}): Promise<void> {
  const { hostLink, subnets } = input;
  await ip(['link', 'add', hostLink, 'type', 'veth', 'peer', 'name', 'node0', 'netns', String(input.holderPid)]);
  await ip(['address', 'add', `${subnets.hostAddress}/30`, 'dev', hostLink]);
  await ip(['link', 'set', hostLink, 'up']);
  await runCommand({
    command: 'nsenter',
    args: [
      ...enterNode(input.holderPid),
      ...['sh', '-c'],
      `ip address add ${subnets.nodeAddress}/30 dev node0 && ip link set node0 up && ip route add default via ${subnets.hostAddress}`,
    ],
  });
  await ip(['route', 'add', subnets.podCidr, 'via', subnets.nodeAddress]);
}

async function ip(args: readonly string[]): Promise<void> {
  await runCommand({ command: 'ip', args });
}
