/** What `podkeeper demo` was asked for. */
export interface DemoOptions {
  /** Of the local environment. */
  readonly name: string;
  /** End when everything was seen, or should have been. */
  readonly exit: boolean;
  /** Leave the servers running. */
  readonly keep: boolean;
  /** Use simulated nodes even where a real one can run. */
  readonly simulated: boolean;
  readonly output: 'table' | 'json';
}
