/** One thing wrong with the environment. */
export interface ConfigFault {
  readonly variable: string;
  /** What is wrong and what to do; never the value of a secret. */
  readonly message: string;
}

/** The environment holds values Podkeeper cannot start with; it lists all of them. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly faults: readonly ConfigFault[];

  constructor(faults: readonly ConfigFault[]) {
    super(
      ['The configuration is not valid:', ...faults.map(({ message }) => `  ${message.replaceAll('\n', '\n  ')}`)].join(
        '\n',
      ),
    );
    this.faults = faults;
  }
}
