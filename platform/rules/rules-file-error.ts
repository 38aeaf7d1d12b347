import { faultLine, type YamlFault } from '../yaml/yaml-fault.ts';

/** A rules file that can't be used; it lists everything that is wrong with it. */
export class RulesFileError extends Error {
  override readonly name = 'RulesFileError';
  /** The file, as it was named. */
  readonly source: string;
  readonly faults: readonly YamlFault[];

  constructor(source: string, faults: readonly YamlFault[]) {
    const lines = faults.map((fault) => `  ${faultLine(fault)}`);
    super([`The rules in ${source} can't be used:`, ...lines, 'docs/rules.md tells how to write them.'].join('\n'));
    this.source = source;
    this.faults = faults;
  }
}
