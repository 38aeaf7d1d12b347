/** Three tiers, run one after the other by test/run-all.ts: unit (no server), integration (one server), cluster (all). */
const tier = (name) => ({
  displayName: name,
  rootDir: import.meta.dirname,
  testMatch: [`<rootDir>/test/${name}/**/*.test.ts`],
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2024' }, module: { type: 'es6' }, sourceMaps: 'inline' },
    ],
  },
  modulePathIgnorePatterns: ['<rootDir>/build/', '<rootDir>/.podkeeper/'],
});

export default {
  projects: [tier('unit'), tier('integration'), tier('cluster')],
  workerIdleMemoryLimit: '600MB',
};
