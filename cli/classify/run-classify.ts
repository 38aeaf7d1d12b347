import { printable } from '../output.ts';
import type { Terminal } from '../terminal.ts';
import { type JudgeRequest, judgePods } from './judge/judge-pods.ts';
import { createJsonPrinter, createTablePrinter } from './print/print-verdicts.ts';
import { describeFault, type Fault } from './read/fault.ts';

export interface ClassifyRequest extends JudgeRequest {
  readonly output: 'table' | 'json';
}

/**
 * Prints a verdict for every pod that can be read, and on stderr a fault for everything that can't. Sets exit code 2
 * when there was a fault, or no pod at all.
 */
export async function runClassify(request: ClassifyRequest, terminal: Terminal): Promise<void> {
  const faults: Fault[] = [];
  const printer = request.output === 'json' ? createJsonPrinter(terminal.stdout) : createTablePrinter(terminal.stdout);
  for await (const item of judgePods(request, { stdin: terminal.stdin, clock: () => terminal.now() })) {
    if ('fault' in item) faults.push(item.fault);
    else printer.print(item.pod);
  }
  printer.finish();
  for (const fault of faults) terminal.stderr.write(`podkeeper classify: ${printable(describeFault(fault))}\n`);
  terminal.setExitCode(faults.length === 0 ? 0 : 2);
}
