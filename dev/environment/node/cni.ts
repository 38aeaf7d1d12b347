import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Where Debian and the plugins' own archives put the CNI plugins. */
export const cniPluginFolders = ['/usr/lib/cni', '/opt/cni/bin', '/usr/libexec/cni'] as const;

/** Writes the pod network: a bridge in the node's namespace, addresses from the node's pod range. Returns its folder. */
export async function writeCniConfig(nodeFolder: string, podCidr: string): Promise<string> {
  const folder = join(nodeFolder, 'cni');
  await mkdir(folder, { recursive: true });
  const config = {
    cniVersion: '1.0.0',
    name: 'pods',
    plugins: [
      {
        type: 'bridge',
        bridge: 'cni0',
        isGateway: true,
        ipMasq: false,
        hairpinMode: true,
        ipam: { type: 'host-local', ranges: [[{ subnet: podCidr }]], routes: [{ dst: '0.0.0.0/0' }] },
      },
      { type: 'portmap', capabilities: { portMappings: true } },
    ],
  };
  await writeFile(join(folder, '10-pods.conflist'), JSON.stringify(config, null, 2));
  return folder;
}
