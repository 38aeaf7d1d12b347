import { printable } from '../output.ts';
import type { Terminal } from '../terminal.ts';
import { applyRules } from './judge/apply-rules.ts';
import { type JudgeRequest, judgePods } from './judge/judge-pods.ts';
import { createJsonPrinter, createTablePrinter } from './print/print-verdicts.ts';
import { describeFault, type Fault } from './read/fault.ts';

export interface ClassifyRequest extends JudgeRequest {
  /** A rules file. */
  readonly rules?: string;
  readonly output: 'table' | 'json';
}

/**
 * Prints a verdict for every pod that can be read, and on stderr a fault for everything that can't. Sets exit code 2
 * when there was a fault, or no pod at all.
 */
export async function runClassify(request: ClassifyRequest, terminal: Terminal): Promise<void> {
  const say = (text: string): void => void terminal.stderr.write(`podkeeper classify: ${printable(text)}\n`);
  const loaded = request.rules === undefined ? undefined : await load(request.rules);
  if (loaded !== undefined && 'faults' in loaded) {
    loaded.faults.forEach(say);
    terminal.setExitCode(2);
    return;
  }
  const faults: Fault[] = [];
  const printer = request.output === 'json' ? createJsonPrinter(terminal.stdout) : createTablePrinter(terminal.stdout);
  for await (const item of judgePods(request, { stdin: terminal.stdin, clock: () => terminal.now() })) {
    const ruled = 'fault' in item || loaded === undefined ? item : applyRules(loaded.rules, item.pod);
    if ('fault' in ruled) faults.push(ruled.fault);
    else printer.print(ruled.pod);
  }
  printer.finish();
  for (const fault of faults) say(describeFault(fault));
  terminal.setExitCode(faults.length === 0 ? 0 : 2);
}

/** Loaded when asked for: without rules, nothing else of a command needs their schema. */
async function load(path: string) {
  const { loadRules } = await import('../rules/load-rules.ts');
  return loadRules(path);
}
