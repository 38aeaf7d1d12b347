import { join } from 'node:path';
import { findInPath, isExecutable } from '../shared/find-in-path.ts';
import type { Report } from '../shared/report.ts';
import { toolCacheFolder } from './cache-folder.ts';
import { toolFacts } from './catalog.ts';
import { readInstalledVersion } from './installed-version.ts';
import type { ToolName } from './tool.ts';
import { isInRange } from './version.ts';

/** What KUBEBUILDER_ASSETS holds by convention (the envtest of controller-runtime). */
const kubebuilderTools: readonly ToolName[] = ['etcd', 'kube-apiserver', 'kubectl'];

/**
 * Finds a program without building it: in PODKEEPER_TOOLS_DIR, in KUBEBUILDER_ASSETS, in PATH when its version is in the stated
 * range, in the cache. The two folders are named by the person and taken as they are. Returns null when it is nowhere.
 */
export async function findTool(input: {
  readonly name: ToolName;
  readonly env: NodeJS.ProcessEnv;
  readonly report: Report;
}): Promise<string | null> {
  const { name, env } = input;
  const named = [env['PODKEEPER_TOOLS_DIR'], kubebuilderTools.includes(name) ? env['KUBEBUILDER_ASSETS'] : undefined];
  for (const folder of named) {
    if (folder !== undefined && folder !== '' && (await isExecutable(join(folder, name)))) return join(folder, name);
  }
  return (await findInstalled(input)) ?? (await findCached(name, env));
}

async function findInstalled(input: {
  readonly name: ToolName;
  readonly env: NodeJS.ProcessEnv;
  readonly report: Report;
}): Promise<string | null> {
  const { name, env } = input;
  const facts = toolFacts[name];
  const path = await findInPath(name, env['PATH']);
  if (path === null) return null;
  const version = await readInstalledVersion({ path, args: facts.versionArgs, env });
  if (version !== null && isInRange(version, facts.range)) return path;
  const [from, below] = facts.range;
  input.report(
    `${path} is not used: it is ${version ?? 'of unknown version'}, wanted is ${from} or newer, below ${below}`,
  );
  return null;
}

async function findCached(name: ToolName, env: NodeJS.ProcessEnv): Promise<string | null> {
  const { module } = toolFacts[name];
  if (module === null) return null;
  const path = join(toolCacheFolder(module, env), name);
  return (await isExecutable(path)) ? path : null;
}
