import tseslint from 'typescript-eslint';

const workflowOnly = [
  { group: ['node:*'], message: 'Workflow and domain code is deterministic: no Node APIs.' },
  { group: ['**/platform/**'], message: 'workflows and domain do not import platform (see AGENTS.md).' },
];

export default tseslint.config(
  { ignores: ['node_modules/', 'build/', 'coverage/', '.podkeeper/', 'test/recordings/', 'test/histories/'] },
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        projectService: { allowDefaultProject: ['*.js', 'cli/*.js'] },
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      'max-lines': ['error', { max: 300 }],
      'no-restricted-exports': ['error', { restrictDefaultExports: { direct: true } }],
    },
  },
  {
    files: ['test/**'],
    rules: { 'max-lines': ['error', { max: 400 }], '@typescript-eslint/no-non-null-assertion': 'off' },
  },
  {
    files: ['domain/**', 'workflows/**'],
    rules: {
      'no-restricted-imports': ['error', { patterns: workflowOnly }],
      'no-restricted-globals': ['error', 'process', 'fetch', 'Buffer'],
    },
  },
  {
    files: ['domain/**'],
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: 'The clock is a parameter in domain code.' },
        { object: 'Math', property: 'random', message: 'No randomness in domain code.' },
      ],
    },
  },
  {
    files: ['activities/**', 'triggers/**'],
    ignores: ['triggers/*/main.ts'],
    rules: {
      'no-restricted-properties': [
        'error',
        {
          object: 'process',
          property: 'env',
          message: 'Only entry files read configuration; take it as a dependency.',
        },
      ],
    },
  },
  { files: ['*.js', '*.config.js', 'cli/*.js', 'deploy/**/*.mjs'], ...tseslint.configs.disableTypeChecked },
  { files: ['*.js'], rules: { 'no-restricted-exports': 'off' } },
);
