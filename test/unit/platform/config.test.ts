import { describe, expect, it } from '@jest/globals';
import { ConfigError } from '../../../platform/config/config-error.ts';
import { configWarnings } from '../../../platform/config/warnings.ts';
import { describeConfig } from '../../../platform/config/describe-config.ts';
import { loadConfig } from '../../../platform/config.ts';

const noFile = { TEMPORAL_CONFIG_FILE: '/nonexistent/temporal.toml' };
const load = (env: Record<string, string | undefined> = {}) => loadConfig({ ...noFile, ...env });

function faultsOf(env: Record<string, string>): readonly { variable: string; message: string }[] {
  try {
    load(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
  return [];
}

describe('the configuration', () => {
  it('is complete without any variable', () => {
    expect(load()).toMatchObject({
      cluster: { name: 'local' },
      watch: {
        scopeName: 'all',
        namespaces: [],
        exclude: [],
        podRuns: 'all',
        coalesceMs: 300,
        dispatchConcurrency: 16,
      },
      pods: { classificationTimeoutMs: 2000, failedRetentionSeconds: 86_400 },
      redis: { host: 'localhost', port: 6379, password: '' },
      temporal: { server: { address: 'localhost:7233', namespace: 'default' }, buildId: '' },
      process: { logLevel: 'info', metricsPort: 9090 },
    });
  });

  it('takes values from the environment, trimmed', () => {
    const env = {
      WATCH_NAMESPACES: ' shop, pay ,shop,',
      COALESCE_MS: ' 0 ',
      WATCH_EXCLUDE: '^kube-  ^a{1,3}/\n-debug-',
    };
    expect(load(env).watch).toMatchObject({
      namespaces: ['shop', 'pay'],
      coalesceMs: 0,
      exclude: ['^kube-', '^a{1,3}/', '-debug-'],
    });
  });

  it('treats a variable that is set to nothing as not set', () => {
    expect(load({ COALESCE_MS: '', REDIS_HOST: ' ', TEMPORAL_ADDRESS: '' })).toEqual(load());
  });

  it('reads the Temporal server from the variables of the Temporal CLI', () => {
    const env = { TEMPORAL_ADDRESS: 'temporal.example:7233', TEMPORAL_NAMESPACE: 'pods', TEMPORAL_API_KEY: 'key-1' };
    expect(load(env).temporal.server).toEqual({
      address: 'temporal.example:7233',
      namespace: 'pods',
      apiKey: 'key-1',
      tls: true,
    });
  });

  it('names every fault at once, with the variable, the value and what to give instead', () => {
    const faults = faultsOf({
      CLUSTER_NAME: 'Prod_EU',
      COALESCE_MS: '0.5s',
      DISPATCH_CONCURRENCY: '0',
      POD_RUNS: 'abnormal',
      TEMPORAL_TLS_CLIENT_CERT_PATH: '/nonexistent/client.pem',
    });
    expect(faults.map(({ variable }) => variable).sort()).toEqual([
      'CLUSTER_NAME',
      'COALESCE_MS',
      'DISPATCH_CONCURRENCY',
      'POD_RUNS',
      'TEMPORAL_*',
    ]);
    const messages = faults.map(({ message }) => message);
    expect(messages).toContain('COALESCE_MS: "0.5s" is not a whole number. Give milliseconds, 0 to 60000.');
    expect(messages.find((message) => message.startsWith('TEMPORAL_'))).toContain('/nonexistent/client.pem');
  });

  it.each([
    ['WATCH_SCOPE_NAME', 'a.b'],
    ['WATCH_SCOPE_NAME', 'a'.repeat(64)],
    ['WATCH_NAMESPACES', 'prod-*'],
    ['WATCH_LABEL_SELECTOR', 'app in (a'],
    ['WATCH_EXCLUDE', 'a(b'],
    ['WATCH_EXCLUDE', '(?=look)ahead'],
    ['WATCH_INTERVAL_SECONDS', '3600'],
    ['REDIS_PORT', '0'],
    ['REDIS_PORT', '65536'],
    ['REDIS_HOST', 'redis://host'],
    ['METRICS_PORT', '-1'],
    ['LOG_LEVEL', 'verbose'],
    ['TEMPORAL_ADDRESS', 'https://temporal.example:7233'],
  ])('refuses %s=%s', (variable, value) => {
    const [fault, ...others] = faultsOf({ [variable]: value });
    expect(fault?.message).toContain(variable.replace('TEMPORAL_ADDRESS', 'TEMPORAL_*'));
    expect(others).toEqual([]);
  });

  it('explains a port that Kubernetes filled in for a Service of the same name', () => {
    expect(faultsOf({ REDIS_PORT: 'tcp://10.0.0.7:6379' })[0]?.message).toContain('enableServiceLinks');
  });

  it('shows at most 80 characters of a faulty value', () => {
    expect(faultsOf({ COALESCE_MS: 'x'.repeat(5000) })[0]?.message.length).toBeLessThan(200);
  });
});

describe('the dump of the configuration', () => {
  it('says of secrets only whether they are set', () => {
    const env = { REDIS_PASSWORD: 'sesame-19', TEMPORAL_API_KEY: 'key-4711' };
    const dump = describeConfig(load(env));
    expect(dump).toMatchObject({
      REDIS_PASSWORD: '(set, hidden)',
      TEMPORAL_API_KEY: '(set, hidden)',
      COALESCE_MS: 300,
    });
    expect(JSON.stringify(dump)).not.toMatch(/sesame-19|key-4711/);
    expect(describeConfig(load())).toMatchObject({ REDIS_PASSWORD: '(not set)', TEMPORAL_API_KEY: '(not set)' });
  });
});

describe('warnings about the environment', () => {
  it('name PODKEEPER_ variables that nothing reads, with the setting that was meant', () => {
    expect(configWarnings({ PODKEEPER_COALESCE_MS: '1', PODKEEPER_COLOUR: 'red' })).toEqual([
      'PODKEEPER_COALESCE_MS is set, but nothing reads it; did you mean COALESCE_MS?',
      'PODKEEPER_COLOUR is set, but nothing reads it; see docs/configuration.md for the settings.',
    ]);
  });

  it('are silent about known variables and about those Kubernetes sets for a Service named podkeeper', () => {
    const env = {
      PODKEEPER_DEV_STATE: '/x',
      PODKEEPER_SERVICE_HOST: '10.0.0.1',
      PODKEEPER_SERVICE_PORT_HTTP: '80',
      PODKEEPER_PORT: 'tcp://10.0.0.1:80',
      PODKEEPER_PORT_80_TCP_ADDR: '10.0.0.1',
      PATH: '/bin',
    };
    expect(configWarnings(env)).toEqual([]);
  });
});
