import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ConfigError } from '../../../platform/config/config-error.ts';
import { describeConfig } from '../../../platform/config/describe-config.ts';
import { settings } from '../../../platform/config/settings.ts';
import { loadConfig } from '../../../platform/config.ts';

const variables = Object.values(settings).flatMap((group) => Object.values(group).map(({ variable }) => variable));
const seed = Number(process.env.PODKEEPER_TEST_SEED ?? Date.now() % 2 ** 31);
const secretValue = 'secret-5d1f';
const anything = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.integer().map(String),
  fc.constantFrom('', 'all', 'info', 'a,b', 'x in (y)', '((((', '9'.repeat(400), '*', 'a'.repeat(70)),
);

describe(`the configuration, from any environment (PODKEEPER_TEST_SEED=${seed})`, () => {
  it('is complete or refused with faults that name settings, and never shows the password', () => {
    const environments = fc.dictionary(fc.constantFrom(...variables), anything);
    fc.assert(
      fc.property(environments, (given) => {
        const env = { ...given, REDIS_PASSWORD: secretValue, TEMPORAL_CONFIG_FILE: '/nonexistent/temporal.toml' };
        try {
          expect(JSON.stringify(describeConfig(loadConfig(env)))).not.toContain(secretValue);
        } catch (error) {
          if (!(error instanceof ConfigError)) throw error;
          expect(error.message).not.toContain(secretValue);
          for (const { variable, message } of error.faults) {
            expect(Object.keys(given)).toContain(variable);
            expect(message).toMatch(/^[A-Z_]+: .* is .*\. Give .*\.$/s);
          }
        }
      }),
      { seed, numRuns: 500 },
    );
  });
});
