import { cp, mkdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { acquireMachineLock } from '../../shared/machine-lock.ts';
import { runCommand } from '../../shared/run-command.ts';
import type { Report } from '../../shared/report.ts';
import { toolCacheFolder } from '../cache-folder.ts';
import type { ToolModule } from '../catalog.ts';
import { goBuild } from './go-build.ts';
import type { GoToolchain } from './go-toolchain.ts';
import { findModuleStages } from './kwok-stages.ts';

/**
 * Builds a module's programs into the cache and returns their folder. Only one process builds a module at a time; the
 * others wait and find it built. The folder appears at once and whole, by a rename, or not at all.
 */
export async function buildModule(input: {
  readonly module: ToolModule;
  readonly go: GoToolchain;
  readonly env: NodeJS.ProcessEnv;
  readonly report: Report;
  readonly signal?: AbortSignal;
}): Promise<string> {
  const folder = toolCacheFolder(input.module, input.env);
  const partial = `${folder}.partial`;
  const lock = await acquireMachineLock({
    key: `build ${folder}`,
    onWait: () => input.report(`another process is building ${input.module.name}; waiting for it`),
    ...(input.signal && { signal: input.signal }),
  });
  try {
    if (await exists(folder)) return folder;
    // Left by a process that was killed while it built.
    await rm(partial, { recursive: true, force: true });
    const [outputFolder, temporaryFolder] = [join(partial, 'out'), join(partial, 'tmp')];
    await mkdir(outputFolder, { recursive: true });
    await mkdir(temporaryFolder);
    await goBuild({ ...input, outputFolder, temporaryFolder });
    if (input.module.name === 'kwok') {
      const stages = join(outputFolder, 'kwok-stages');
      await cp(await findModuleStages(input), stages, { recursive: true });
      // Go's module cache is read-only; a copy that its owner cannot delete would be a nuisance.
      await runCommand({ command: 'chmod', args: ['-R', 'u+w', stages] });
    }
    await mkdir(dirname(folder), { recursive: true });
    await rename(outputFolder, folder);
    return folder;
  } finally {
    await rm(partial, { recursive: true, force: true });
    await lock.release();
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
