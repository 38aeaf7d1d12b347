import { readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { runCommand } from '../shared/run-command.ts';
import { moduleFolder } from './catalog.ts';

/**
 * The folder `kustomize/stage` of kwok's module: kwok has no stages built in. Looked for beside the program (`kwok-stages`,
 * or a file `kwok.moddir` that names the module's folder), then asked of Go, which downloads the module if it must.
 */
export async function findKwokStages(kwok: string): Promise<string> {
  const beside = join(dirname(kwok), 'kwok-stages');
  if (await isFolder(beside)) return beside;
  const named = await readFile(join(dirname(kwok), 'kwok.moddir'), 'utf8').catch(() => null);
  if (named !== null) return join(named.trim(), 'kustomize', 'stage');
  const folder = await runCommand({
    command: 'go',
    args: ['list', '-mod=readonly', '-m', '-f', '{{.Dir}}', 'sigs.k8s.io/kwok'],
    cwd: moduleFolder('kwok'),
    timeoutSeconds: 120,
  });
  return join(folder.trim(), 'kustomize', 'stage');
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
