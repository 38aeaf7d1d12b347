/** Why something could not be read, and where. */
export interface Fault {
  /** File name, or `standard input`. */
  readonly source: string;
  /** Position in its file, from 1; absent when the file as a whole is at fault. */
  readonly document?: number;
  /** Where the document begins, from 1. */
  readonly line?: number;
  /** Begins with the path inside the document where there is one. */
  readonly message: string;
}

/** `pods.yaml: document 2 (line 14): metadata.name is missing` */
export function describeFault({ source, document, line, message }: Fault): string {
  const where = document === undefined ? '' : ` document ${document}${line === undefined ? '' : ` (line ${line})`}:`;
  return `${source}:${where} ${message}`;
}
