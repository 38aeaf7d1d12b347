import { shellExports } from '../../dev/environment/shell-exports.ts';
import { status } from '../../dev/environment/status.ts';

/** Prints exports for a POSIX shell. Throws when the environment does not run: `eval` of nothing would go unnoticed. */
export async function printExports(name: string): Promise<void> {
  const { phase, state, statePath } = await status(name);
  if (phase !== 'running' || state === null) {
    throw new Error(`The local environment "${name}" is ${phase}. Start it with "podkeeper dev up".`);
  }
  console.log((await shellExports({ state, statePath })).join('\n'));
}
