import { mkdir, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from '../../shared/run-command.ts';
import type { ServerSpec } from '../processes/server-spec.ts';
import { pauseImage } from './image/images.ts';
import { enterNode } from './network.ts';

/** Where containerd listens. Unix sockets have short names, so it is inside the node's own /run. */
export const containerdSocket = '/run/containerd/containerd.sock';

/** OVERLAYFS_SUPER_MAGIC of statfs(2): an overlay cannot be the upper folder of another. */
const overlayFileSystem = 0x794c7630;

/** containerd inside the node's namespaces, with everything it keeps below the node's folder. */
export async function containerdServer(input: {
  readonly nodeFolder: string;
  readonly holderPid: number;
  readonly cniPlugins: string;
  readonly cniConfig: string;
}): Promise<ServerSpec> {
  const temporary = join(input.nodeFolder, 'tmp');
  await mkdir(temporary, { recursive: true });
  const config = join(input.nodeFolder, 'containerd.toml');
  const { type } = await statfs(input.nodeFolder);
  await writeFile(
    config,
    containerdConfig({ ...input, snapshotter: type === overlayFileSystem ? 'native' : 'overlayfs' }),
  );
  return {
    name: 'containerd',
    command: 'nsenter',
    args: [...enterNode(input.holderPid), 'containerd', '--config', config],
    env: { TMPDIR: temporary },
    isReady: async () => {
      await ctr(input.holderPid, ['version']);
      return true;
    },
    readyTimeoutSeconds: 30,
  };
}

/** Makes images known to the kubelet. */
export async function importImages(holderPid: number, archives: readonly string[]): Promise<void> {
  for (const archive of archives) await ctr(holderPid, ['--namespace', 'k8s.io', 'images', 'import', archive]);
}

async function ctr(holderPid: number, args: readonly string[]): Promise<void> {
  await runCommand({
    command: 'nsenter',
    args: [...enterNode(holderPid), 'ctr', '--address', containerdSocket, ...args],
    // An image of 130 MB took 7 s on two cores with ten times as much to do.
    timeoutSeconds: 60,
  });
}

// restrict_oom_score_adj: without CAP_SYS_RESOURCE the score of a process cannot be lowered, and no pod would start.
function containerdConfig(input: {
  readonly nodeFolder: string;
  readonly cniPlugins: string;
  readonly cniConfig: string;
  readonly snapshotter: string;
}): string {
  return `version = 2
root = "${input.nodeFolder}/containerd"
state = "/run/containerd/state"
disabled_plugins = ["io.containerd.snapshotter.v1.btrfs", "io.containerd.snapshotter.v1.zfs", "io.containerd.snapshotter.v1.devmapper", "io.containerd.snapshotter.v1.aufs"]
[grpc]
  address = "${containerdSocket}"
[plugins."io.containerd.internal.v1.opt"]
  path = "${input.nodeFolder}/opt"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "${pauseImage}"
  disable_apparmor = true
  restrict_oom_score_adj = true
  [plugins."io.containerd.grpc.v1.cri".containerd]
    snapshotter = "${input.snapshotter}"
    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
      runtime_type = "io.containerd.runc.v2"
      [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
        SystemdCgroup = false
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "${input.cniPlugins}"
    conf_dir = "${input.cniConfig}"
`;
}
