export interface ExternalVariable {
  readonly variable: string;
  readonly help: string;
}

/**
 * Variables that something else reads and that belong in docs/configuration.md: the Temporal ones are read by
 * `@temporalio/envconfig`, the same way the Temporal CLI does, from the environment first and then its file.
 */
export const externalVariables: readonly ExternalVariable[] = [
  { variable: 'TEMPORAL_ADDRESS', help: 'Server, `host:port`; `localhost:7233` when not set.' },
  { variable: 'TEMPORAL_NAMESPACE', help: 'Temporal namespace; `default` when not set.' },
  { variable: 'TEMPORAL_API_KEY', help: 'API key (secret); turns TLS on.' },
  { variable: 'TEMPORAL_TLS', help: '`true` or `false`: TLS without further settings.' },
  { variable: 'TEMPORAL_TLS_CLIENT_CERT_PATH', help: 'File with the client certificate (also `…_DATA`).' },
  { variable: 'TEMPORAL_TLS_CLIENT_KEY_PATH', help: 'File with its key (also `…_DATA`, secret).' },
  { variable: 'TEMPORAL_TLS_SERVER_CA_CERT_PATH', help: 'File with the certificate authority (also `…_DATA`).' },
  { variable: 'TEMPORAL_TLS_SERVER_NAME', help: 'Name expected in the certificate of the server.' },
  { variable: 'TEMPORAL_GRPC_META_<NAME>', help: 'A gRPC header sent with each request.' },
  { variable: 'TEMPORAL_CONFIG_FILE', help: 'TOML file of the Temporal CLI; its usual place when not set.' },
  { variable: 'TEMPORAL_PROFILE', help: 'Profile in that file; `default` when not set.' },
  { variable: 'KUBECONFIG', help: 'Kubeconfig file; `~/.kube/config`, then the service account, when not set.' },
  {
    variable: 'PODKEEPER_GATEWAY_URL',
    help: 'Gateway that `podkeeper sessions` asks; `http://localhost:8443` when not set.',
  },
  { variable: 'PODKEEPER_TOKEN', help: 'Bearer token (secret) that `podkeeper sessions` sends.' },
  { variable: 'PODKEEPER_DEV_STATE', help: 'State file of the local environment that tests and tools use.' },
  {
    variable: 'PODKEEPER_DEV_MARK',
    help: 'Set by the local environment for what it starts, so that `dev down` finds it.',
  },
  { variable: 'PODKEEPER_TOOLS_DIR', help: 'Folder with the programs of the local environment.' },
  { variable: 'PODKEEPER_TEST_SEED', help: 'Seed of the random tests, as an earlier run printed it.' },
];
