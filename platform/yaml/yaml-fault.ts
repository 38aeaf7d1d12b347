/** One thing wrong with a YAML file that people write. */
export interface YamlFault {
  /** From 1; 0 when it is about the file as a whole. */
  readonly line: number;
  readonly column: number;
  /** `rules[1].match.causes[0]`; empty when it is about the file as a whole. */
  readonly path: string;
  /** Continues the path: `is missing`. */
  readonly message: string;
}

/** A fault of the file, not of a place in it. */
export function wholeFile(message: string): YamlFault {
  return { line: 0, column: 0, path: '', message };
}

/** `line 4, column 9: rules[0].name: is missing`. */
export function faultLine({ line, column, path, message }: YamlFault): string {
  const place = line === 0 ? '' : `line ${line}, column ${column}: `;
  return `${place}${path === '' ? '' : `${path}: `}${message}`;
}
