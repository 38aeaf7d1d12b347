import { runCommand } from '../shared/run-command.ts';
import { findVersion } from './version.ts';

/** The version an installed program says it is, or null when it says none or does not run. */
export async function readInstalledVersion(input: {
  readonly path: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
}): Promise<string | null> {
  const output = await runCommand({ command: input.path, args: input.args, env: input.env, timeoutSeconds: 20 }).catch(
    () => '',
  );
  return findVersion(output);
}
