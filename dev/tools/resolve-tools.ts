import { join } from 'node:path';
import type { Report } from '../shared/report.ts';
import { buildModule } from './go/build-module.ts';
import { toolCacheRoot } from './cache-folder.ts';
import type { ToolModule } from './catalog.ts';
import { toolFacts } from './catalog.ts';
import { findTool } from './find-tool.ts';
import { findGo } from './go/go-toolchain.ts';
import type { ToolName, ToolPaths } from './tool.ts';

interface ResolveInput {
  readonly names: readonly ToolName[];
  readonly env: NodeJS.ProcessEnv;
  readonly report: Report;
  readonly signal?: AbortSignal;
}

/**
 * Finds every named program and builds those that are nowhere, one module after the other: two at once would need 4 GB.
 * Throws when a program that is not built is missing, when Go is, or when a build fails; says what to do.
 */
export async function resolveTools(input: ResolveInput): Promise<ToolPaths> {
  const paths: Partial<Record<ToolName, string>> = {};
  const modules = new Map<ToolModule, ToolName[]>();
  for (const name of input.names) {
    const path = await findTool({ ...input, name });
    const { module, debianPackage } = toolFacts[name];
    if (path !== null) paths[name] = path;
    else if (module !== null) modules.set(module, [...(modules.get(module) ?? []), name]);
    else
      throw new Error(
        `${name} is missing. Install the Debian package ${debianPackage ?? name}, or run "npm run dev:packages".`,
      );
  }
  if (modules.size > 0) Object.assign(paths, await buildAll(modules, input));
  return paths;
}

async function buildAll(
  modules: ReadonlyMap<ToolModule, readonly ToolName[]>,
  input: ResolveInput,
): Promise<ToolPaths> {
  const go = await findGo(input.env);
  input.report(announceBuilds([...modules.keys()], toolCacheRoot(input.env)));
  const paths: Partial<Record<ToolName, string>> = {};
  for (const [module, names] of modules) {
    const folder = await buildModule({ ...input, module, go });
    for (const name of names) paths[name] = join(folder, name);
  }
  return paths;
}

/** What the person who waits wants to know first: how long, and that it happens once. */
function announceBuilds(modules: readonly ToolModule[], cache: string): string {
  const minutes = modules.reduce((sum, module) => sum + module.buildMinutes, 0);
  const names = modules.map(({ name, version }) => `${name} ${version}`).join(', ');
  return (
    `First run: the real servers are built from source (${names}). About ${minutes} minutes on two cores from cold, ` +
    `once; they are kept in ${cache}.`
  );
}
