import {
  choice,
  count,
  dnsLabel,
  host,
  labelSelector,
  milliseconds,
  namespaces,
  patterns,
  port,
  seconds,
  secret,
  text,
} from './kinds.ts';
import { sessionSettings } from './session-settings.ts';

/**
 * Every setting of Podkeeper, one entry each: variable, default, range, meaning. docs/configuration.md is checked against
 * this table by a test. A setting left out or empty takes its default.
 */
export const settings = {
  cluster: {
    name: dnsLabel('CLUSTER_NAME', 'local', 'Name of the watched cluster; part of every run id and Redis key.'),
    context: text('KUBE_CONTEXT', '', 'Context of the kubeconfig; empty takes its current one. Not used inside a pod.'),
  },
  watch: {
    scopeName: dnsLabel('WATCH_SCOPE_NAME', 'all', 'Name of the watch; two watches of one cluster need two names.'),
    namespaces: namespaces('WATCH_NAMESPACES', 'Namespaces to watch; empty watches all of them.'),
    labelSelector: labelSelector('WATCH_LABEL_SELECTOR', 'Pods to watch by their labels; empty watches all of them.'),
    exclude: patterns('WATCH_EXCLUDE', 'Pods to leave out: a pattern found anywhere in `<namespace>/<name>`.'),
    podRuns: choice('POD_RUNS', ['all'], 'Which pods get a run of their own.'),
    revision: count(
      'WATCH_REVISION',
      0,
      { min: 0, max: 1_000_000_000 },
      'Revision of the watch configuration (Helm gives its own): an older one never replaces a newer one.',
    ),
    coalesceMs: milliseconds('COALESCE_MS', 300, { min: 0, max: 60_000 }, 'How long changes of one pod are gathered.'),
    dispatchConcurrency: count(
      'DISPATCH_CONCURRENCY',
      16,
      { min: 1, max: 256 },
      'Signals on their way to Temporal at once.',
    ),
    intervalSeconds: seconds(
      'WATCH_INTERVAL_SECONDS',
      600,
      { min: 1, max: 3000 },
      'Life of one watch activity; it is then started again with its checkpoint.',
    ),
    queueLimit: count(
      'WATCH_QUEUE_LIMIT',
      1000,
      { min: 1, max: 100_000 },
      'Changes read and not yet accepted by Temporal before the watch stops reading.',
    ),
  },
  pods: {
    classificationTimeoutMs: milliseconds(
      'CLASSIFICATION_TIMEOUT_MS',
      2000,
      { min: 100, max: 60_000 },
      'Time-out of one classification.',
    ),
    failedRetentionSeconds: seconds(
      'FAILED_RETENTION_SECONDS',
      86_400,
      { min: 0, max: 2_592_000 },
      'How long the run of a removed pod stays open when a classification failed.',
    ),
    idleCheckSeconds: seconds(
      'IDLE_CHECK_SECONDS',
      21_600,
      { min: 10, max: 604_800 },
      'How long a pod may go without a change before its run looks whether it still exists.',
    ),
  },
  rules: {
    file: text(
      'CLASSIFICATION_RULES_FILE',
      '',
      'File with your own classification rules (docs/rules.md), read again when it changes; empty applies none.',
    ),
  },
  redis: {
    host: host('REDIS_HOST', 'localhost', 'Host of the Redis primary.'),
    port: port('REDIS_PORT', 6379, 1, 'Port of the Redis primary.'),
    password: secret('REDIS_PASSWORD', 'Password of Redis; empty sends none.'),
  },
  temporal: {
    connectTimeoutSeconds: seconds(
      'CONNECT_TIMEOUT_SECONDS',
      60,
      { min: 1, max: 3600 },
      'How long a process tries its first connection to Temporal before it exits.',
    ),
    buildId: text(
      'TEMPORAL_WORKER_BUILD_ID',
      '',
      'Build id of a pod worker; empty runs it without worker versioning. A watch worker has none.',
    ),
    uiUrl: text('TEMPORAL_UI_URL', 'http://localhost:8233', 'Address of the Temporal UI; links to runs begin with it.'),
    deploymentName: text('TEMPORAL_DEPLOYMENT_NAME', 'podkeeper', 'Worker deployment the build id belongs to.'),
  },
  http: {
    host: host('HTTP_HOST', '0.0.0.0', 'Address the HTTP API listens on (IPv6: `::`).'),
    port: port('HTTP_PORT', 8080, 0, 'Port of the HTTP API.'),
    requestsPerMinute: count(
      'HTTP_REQUESTS_PER_MINUTE',
      600,
      { min: 1, max: 1_000_000 },
      'Requests one caller (token subject, else address) may send a minute to one process; further ones are 429.',
    ),
    requestTimeoutSeconds: seconds(
      'HTTP_REQUEST_TIMEOUT_SECONDS',
      10,
      { min: 1, max: 300 },
      'Time for a request to arrive whole, and again for Temporal to answer it.',
    ),
    dispatchQueueLimit: count(
      'HTTP_DISPATCH_QUEUE_LIMIT',
      2000,
      { min: 1, max: 100_000 },
      'Pod events taken in and not yet accepted by Temporal; a request that would exceed it is 429.',
    ),
  },
  auth: {
    disabled: choice(
      'AUTH_DISABLED',
      ['false', 'true'],
      '`true` takes requests without a token; refused unless HTTP_HOST is a loopback address.',
    ),
    tokenSecret: secret('AUTH_TOKEN_SECRET', 'Secret of HS256 tokens, 32 bytes or more.'),
    previousTokenSecret: secret('AUTH_TOKEN_SECRET_PREVIOUS', 'The secret before it, still accepted while you rotate.'),
    jwksUrl: text(
      'AUTH_JWKS_URL',
      '',
      'Address of the public keys (JWKS) that sign tokens; needs no AUTH_TOKEN_SECRET.',
    ),
    jwksFile: text('AUTH_JWKS_FILE', '', 'The same as a file.'),
    issuer: text('AUTH_ISSUER', 'podkeeper', 'Issuer (`iss`) a token must name.'),
    audience: text('AUTH_AUDIENCE', 'podkeeper', 'Audience (`aud`) a token must name.'),
  },
  ...sessionSettings,
  process: {
    mode: text(
      'NODE_ENV',
      '',
      '`production` runs the built workflow bundle, anything else bundles from source at start.',
    ),
    logLevel: choice('LOG_LEVEL', ['info', 'trace', 'debug', 'warn', 'error', 'silent'], 'Least level that is logged.'),
    metricsHost: host('METRICS_HOST', '0.0.0.0', 'Address `/health`, `/ready` and `/metrics` listen on (IPv6: `::`).'),
    metricsPort: port('METRICS_PORT', 9090, 0, 'Port of `/health`, `/ready` and `/metrics`.'),
    shutdownGraceSeconds: seconds(
      'SHUTDOWN_GRACE_SECONDS',
      20,
      { min: 1, max: 3600 },
      'Time for work to finish after SIGTERM; terminationGracePeriodSeconds needs 10 s more.',
    ),
  },
} as const;
