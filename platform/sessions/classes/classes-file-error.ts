import { faultLine, type YamlFault } from '../../yaml/yaml-fault.ts';

/** A file of session classes that can't be used; it lists everything that is wrong with it. */
export class ClassesFileError extends Error {
  override readonly name = 'ClassesFileError';
  readonly faults: readonly YamlFault[];

  constructor(source: string, faults: readonly YamlFault[]) {
    const lines = faults.map((fault) => `  ${faultLine(fault)}`);
    super(
      [`The session classes in ${source} can't be used:`, ...lines, 'docs/sessions.md tells how to write them.'].join(
        '\n',
      ),
    );
    this.faults = faults;
  }
}
