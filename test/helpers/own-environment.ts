import type { EnvironmentOptions } from '../../dev/environment/options.ts';
import { type TestEnvironment, withEnvironment } from './environment.ts';

/** An environment for all tests of one file, which may kill its servers. `close` stops it. */
export async function openEnvironment(
  options: Partial<EnvironmentOptions>,
): Promise<{ readonly environment: TestEnvironment; readonly close: () => Promise<void> }> {
  const over = Promise.withResolvers<undefined>();
  const opened = Promise.withResolvers<TestEnvironment>();
  const whole = withEnvironment(options, async (environment) => {
    opened.resolve(environment);
    await over.promise;
  });
  whole.catch((error: unknown) => opened.reject(error));
  return {
    environment: await opened.promise,
    close: async () => {
      over.resolve(undefined);
      await whole;
    },
  };
}
