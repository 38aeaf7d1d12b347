import { choice, count, dnsLabel, host, port, seconds, text } from './kinds.ts';

/** Settings of sessions and of their gateway; part of `settings`. */
export const sessionSettings = {
  sessions: {
    namespace: dnsLabel(
      'KUBERNETES_NAMESPACE',
      'default',
      'Namespace of session pods; with shards, what theirs begin with.',
    ),
    namespaceShards: count(
      'SESSION_NAMESPACE_SHARDS',
      1,
      { min: 1, max: 64 },
      'Namespaces session pods are spread over, `<namespace>-0` and up; one per 2,500 sessions.',
    ),
    classesFile: text(
      'SESSION_CLASSES_FILE',
      '',
      'File with classes of session pods (docs/sessions.md); empty has the class `default` alone.',
    ),
    signingKeysFile: text(
      'SIGNING_KEYS_FILE',
      '',
      'File with the master keys that session pods are signed with, `<kid>:<key>` lines; the first one mints.',
    ),
    image: text('SESSION_POD_IMAGE', '', 'Image of the class `default`; needed unless the file has one for it.'),
    port: port('SESSION_POD_PORT', 8080, 1, 'Port the pods of the class `default` listen on.'),
    identity: choice(
      'SESSION_POD_IDENTITY',
      ['native', 'none'],
      'Whether pods of the class `default` prove themselves to the gateway; `none` is for any image (docs/sessions.md).',
    ),
    cpuRequest: text('SESSION_POD_CPU_REQUEST', '100m', 'CPU a pod asks for, where its class does not say otherwise.'),
    cpuLimit: text('SESSION_POD_CPU_LIMIT', '500m', 'CPU it may use.'),
    memoryRequest: text(
      'SESSION_POD_MEMORY_REQUEST',
      '128Mi',
      'Memory a pod asks for, where its class does not say otherwise.',
    ),
    memoryLimit: text('SESSION_POD_MEMORY_LIMIT', '512Mi', 'Memory it may use.'),
    idleTimeoutSeconds: seconds(
      'IDLE_TIMEOUT_SECONDS',
      600,
      { min: 1, max: 604_800 },
      'How long a session lives without a request, where its class does not say otherwise.',
    ),
    cleanupIntervalSeconds: seconds(
      'CLEANUP_INTERVAL_SECONDS',
      60,
      { min: 5, max: 3600 },
      'Time from one comparison of session pods and runs to the next.',
    ),
    podCreationTimeoutSeconds: seconds(
      'POD_CREATION_TIMEOUT',
      120,
      { min: 1, max: 120 },
      'How long a session pod may take to become ready.',
    ),
    maxSessions: count(
      'MAX_CONCURRENT_SESSIONS',
      1000,
      { min: 1, max: 160_000 },
      'Sessions there may be at once, of all tenants; at most 2,500 per namespace.',
    ),
    maxSessionsPerTenant: count(
      'MAX_SESSIONS_PER_TENANT',
      0,
      { min: 0, max: 160_000 },
      'Sessions one tenant may have at once; 0 gives each tenant a fifth of all, and all where there is one tenant.',
    ),
    startsPerSecond: count(
      'SESSION_STARTS_PER_SECOND',
      20,
      { min: 1, max: 10_000 },
      'Sessions one tenant may start a second.',
    ),
    startsAtOnce: count('SESSION_STARTS_AT_ONCE', 100, { min: 1, max: 10_000 }, 'And at once after a pause.'),
    tenantClaim: text(
      'SESSION_TENANT_CLAIM',
      '',
      'Claim of a token that names the tenant; empty has one tenant. A token without it is 401.',
    ),
    ownerClaim: text(
      'SESSION_OWNER_CLAIM',
      'sub',
      'Claim that names the owner of sessions; `-` shares them among all of a tenant.',
    ),
  },
  gateway: {
    host: host('GATEWAY_HOST', '0.0.0.0', 'Address the gateway listens on (IPv6: `::`).'),
    port: port('GATEWAY_PORT', 8443, 0, 'Port of the gateway.'),
    tlsCertPath: text('TLS_CERT_PATH', '', 'Certificate chain (PEM) of the gateway; empty serves plain HTTP.'),
    tlsKeyPath: text('TLS_KEY_PATH', '', 'Its private key (PEM).'),
    shutdownDelaySeconds: seconds(
      'SHUTDOWN_DELAY_SECONDS',
      10,
      { min: 0, max: 300 },
      'How long a stopping gateway goes on taking requests, so that load balancers notice.',
    ),
    socketsPerClient: count(
      'GATEWAY_SOCKETS_PER_CLIENT',
      64,
      { min: 1, max: 1_000_000 },
      'Connections one client address may have open; behind a load balancer give what all its clients may have.',
    ),
    closeOnTokenExpiry: choice(
      'CLOSE_ON_TOKEN_EXPIRY',
      ['false', 'true'],
      '`true` closes WebSockets (1008) and cuts answers when the token they were opened with expires.',
    ),
  },
} as const;
