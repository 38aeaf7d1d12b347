/** One thing wrong with a rules file. */
export interface RulesFault {
  /** From 1; 0 when it is about the file as a whole. */
  readonly line: number;
  readonly column: number;
  /** `rules[1].match.causes[0]`; empty when it is about the file as a whole. */
  readonly path: string;
  /** Continues the path: `is missing`. */
  readonly message: string;
}

/** A rules file that can't be used; it lists everything that is wrong with it. */
export class RulesFileError extends Error {
  override readonly name = 'RulesFileError';
  /** The file, as it was named. */
  readonly source: string;
  readonly faults: readonly RulesFault[];

  constructor(source: string, faults: readonly RulesFault[]) {
    const lines = faults.map((fault) => `  ${faultLine(fault)}`);
    super([`The rules in ${source} can't be used:`, ...lines, 'docs/rules.md tells how to write them.'].join('\n'));
    this.source = source;
    this.faults = faults;
  }
}

/** `line 4, column 9: rules[0].name: is missing`. */
function faultLine({ line, column, path, message }: RulesFault): string {
  const place = line === 0 ? '' : `line ${line}, column ${column}: `;
  return `${place}${path === '' ? '' : `${path}: `}${message}`;
}
