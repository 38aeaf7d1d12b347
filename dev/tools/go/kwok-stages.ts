import { readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { runCommand } from '../../shared/run-command.ts';
import { moduleFolder } from '../catalog.ts';
import type { GoToolchain } from './go-toolchain.ts';
import { findGo } from './go-toolchain.ts';

/**
 * The folder `kustomize/stage` of kwok's module: kwok has no stages built in. Looked for beside the program (`kwok-stages`,
 * or a file `kwok.moddir` that names the module's folder), then asked of Go, which downloads the module if it must.
 */
export async function findKwokStages(kwok: string, env: NodeJS.ProcessEnv): Promise<string> {
  const beside = join(dirname(kwok), 'kwok-stages');
  if (await isFolder(beside)) return beside;
  const named = await readFile(join(dirname(kwok), 'kwok.moddir'), 'utf8').catch(() => null);
  if (named !== null) return join(named.trim(), 'kustomize', 'stage');
  return findModuleStages({ go: await findGo(env), env });
}

/** The stages in Go's module cache. */
export async function findModuleStages(input: {
  readonly go: GoToolchain;
  readonly env: NodeJS.ProcessEnv;
}): Promise<string> {
  const output = await runCommand({
    command: input.go.path,
    args: ['list', '-mod=readonly', '-m', '-f', '{{.Dir}}', 'sigs.k8s.io/kwok'],
    cwd: moduleFolder('kwok'),
    env: { ...input.env, GOFLAGS: '', GOWORK: 'off' },
    timeoutSeconds: 120,
  });
  return join(output.trim(), 'kustomize', 'stage');
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
