/** The input of a classification is malformed; a verdict on it would be made up. */
export class ClassificationError extends Error {
  override readonly name = 'ClassificationError';
  /** Where the fault is, e.g. `changes[0].snapshot.containers[1].name`. */
  readonly path: string;

  /** `fault` begins with the path, as checks give it: `observedAt is missing`. */
  constructor(fault: string) {
    super(`Malformed pod change: ${fault}`);
    this.path = fault.split(' ', 1)[0] ?? '';
  }
}
