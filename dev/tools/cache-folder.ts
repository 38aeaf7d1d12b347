import { homedir } from 'node:os';
import { join } from 'node:path';
import type { ToolModule } from './catalog.ts';

const goArchitectures: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' };

/** Where built programs are kept for all checkouts of one person: `~/.cache/podkeeper/tools`. */
export function toolCacheRoot(env: NodeJS.ProcessEnv): string {
  return join(env['HOME'] ?? homedir(), '.cache', 'podkeeper', 'tools');
}

/** The folder of one module's programs, `<name>-<version>-<platform>`. It exists only when all of them are in it. */
export function toolCacheFolder(module: ToolModule, env: NodeJS.ProcessEnv): string {
  const platform = `${process.platform}-${goArchitectures[process.arch] ?? process.arch}`;
  return join(toolCacheRoot(env), `${module.name}-${module.version}-${platform}`);
}
