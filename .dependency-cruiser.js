/** The import table of AGENTS.md, enforced by `npm run check:boundaries`. */
const ownFolders = '^(domain|platform|workflows|activities|triggers|workers|cli|dev|bench|test|deploy)/';

/** `from` may import own code only from `allowed`. */
const only = (from, allowed, comment) => ({
  name: `${from}-imports`,
  comment,
  severity: 'error',
  from: { path: `^${from}/` },
  to: { path: ownFolders, pathNot: allowed.map((entry) => `^${entry}`) },
});

export default {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    { name: 'not-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    only('domain', ['domain/'], 'domain ← domain only'),
    {
      name: 'domain-is-pure',
      comment: 'domain uses no Node API and no package but fast pure ones',
      severity: 'error',
      from: { path: '^domain/' },
      to: { dependencyTypes: ['core', 'npm', 'npm-dev'], pathNot: 'node_modules/re2js/' },
    },
    only('workflows', ['domain/', 'workflows/', 'activities/', 'triggers/pod-watch/'], 'workflows ← domain, and types'),
    {
      name: 'workflows-import-activity-types-only',
      severity: 'error',
      from: { path: '^workflows/' },
      to: { path: '^(activities|triggers)/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'workflows-packages',
      severity: 'error',
      from: { path: '^workflows/' },
      to: { dependencyTypes: ['core', 'npm', 'npm-dev'], pathNot: 'node_modules/@temporalio/(workflow|common)/' },
    },
    only(
      'activities',
      ['activities/', 'domain/', 'platform/', 'workflows/[^/]+\\.messages\\.ts$'],
      'activities ← domain, platform, workflow messages',
    ),
    only(
      'triggers',
      ['triggers/', 'domain/', 'platform/', 'workflows/[^/]+\\.messages\\.ts$'],
      'triggers ← domain, platform, workflow messages',
    ),
    only('platform', ['platform/', 'domain/'], 'platform ← domain and packages'),
    {
      name: 'prom-client-in-one-module',
      severity: 'error',
      from: { pathNot: '^platform/metrics(/|\\.ts$)' },
      to: { path: 'node_modules/prom-client/' },
    },
    {
      name: 'ioredis-in-one-module',
      severity: 'error',
      from: { pathNot: '^(platform/redis/|test/)' },
      to: { path: 'node_modules/ioredis/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(build|coverage)/' },
    tsPreCompilationDeps: 'specify',
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'types', 'default'] },
  },
};
