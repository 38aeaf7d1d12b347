import fc from 'fast-check';

/** The seed of this run's property tests: PODKEEPER_TEST_SEED, else a new one. Name it in the test's title. */
export const propertySeed = Number(process.env['PODKEEPER_TEST_SEED'] ?? Date.now() % 2 ** 31);

/** Checks a property of all values of a kind with this run's seed. */
export function check<T>(arbitrary: fc.Arbitrary<T>, holds: (value: T) => void, numRuns = 200): void {
  fc.assert(
    fc.property(arbitrary, (value) => holds(value)),
    { seed: propertySeed, numRuns },
  );
}
