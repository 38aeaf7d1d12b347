import { printable } from '../output.ts';
import type { Terminal } from '../terminal.ts';
import { loadRules, loadRulesFromStdin } from './load-rules.ts';

/** Prints a line for each rules file that is right, and on stderr every fault of the others. Sets exit code 0 or 2. */
export async function checkRules(files: readonly string[], terminal: Terminal): Promise<void> {
  let faulty = false;
  for (const file of files) {
    const loaded = file === '-' ? await loadRulesFromStdin(terminal.stdin) : await loadRules(file);
    if ('faults' in loaded) {
      faulty = true;
      for (const fault of loaded.faults) terminal.stderr.write(`${printable(fault)}\n`);
      continue;
    }
    const { count, version } = loaded.rules;
    const which = files.length === 1 ? '' : `${printable(loaded.source)}: `;
    terminal.stdout.write(`${which}ok: ${count} rule${count === 1 ? '' : 's'}, version ${version}\n`);
  }
  terminal.setExitCode(faulty ? 2 : 0);
}
