import type { Verdict } from '../../domain/pods/verdict/types.ts';
import { printable, type TextOutput } from '../output.ts';

/** Prints a verdict with its evidence. What a pod says of itself is in it, so no line is written as it came. */
export function printVerdict(
  { verdict, prefix = '' }: { readonly verdict: Verdict; readonly prefix?: string },
  stdout: TextOutput,
): void {
  const print = (line: string): unknown => stdout.write(`${printable(line)}\n`);
  print(`${prefix}${verdict.health}${verdict.primary === null ? '' : `, ${verdict.primary}`}`);
  for (const { severity, confidence, summary, remedy, evidence } of verdict.findings) {
    print(`  ${severity} (${confidence}): ${summary}`);
    for (const { source, path, value } of evidence) print(`    evidence: ${source} ${path ?? ''} = ${value}`);
    if (remedy !== undefined) print(`    what to do: ${remedy}`);
  }
}
