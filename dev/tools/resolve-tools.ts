import { join } from 'node:path';
import type { Report } from '../shared/report.ts';
import { findInPath, isExecutable } from '../shared/find-in-path.ts';
import type { ToolName, ToolPaths } from './tool.ts';

export async function resolveTools(input: {
  readonly names: readonly ToolName[];
  readonly env: NodeJS.ProcessEnv;
  readonly report: Report;
  readonly signal?: AbortSignal;
}): Promise<ToolPaths> {
  const paths: Partial<Record<ToolName, string>> = {};
  for (const name of input.names) {
    const path = join(input.env['PODKEEPER_TOOLS_DIR'] ?? '', name);
    const found = (await isExecutable(path)) ? path : await findInPath(name, input.env['PATH']);
    if (found === null) throw new Error(`${name} not found`);
    paths[name] = found;
  }
  return paths;
}
