import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';

const requestSeconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const creationSeconds = [0.05, 0.1, 0.25, 0.5, 1, 2, 3, 5, 10, 30, 60, 120];
const classificationSeconds = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.05, 0.25, 1, 2];

/**
 * Every metric of Podkeeper, one line each: name, help, labels. docs/metrics.md is checked against this list by a test.
 * The `k8s_*` names are those of the node agent's specification (specs in docs/metrics.md).
 */
export function createMetrics({ defaults = false }: { readonly defaults?: boolean } = {}) {
  const registry = new Registry();
  const registers = [registry];
  if (defaults) collectDefaultMetrics({ register: registry });
  const counter = <L extends string = never>(name: string, help: string, labelNames: readonly L[] = []) =>
    new Counter<L>({ name, help, labelNames, registers });
  const gauge = <L extends string = never>(name: string, help: string, labelNames: readonly L[] = []) =>
    new Gauge<L>({ name, help, labelNames, registers });
  const histogram = <L extends string = never>(name: string, help: string, buckets: number[], labelNames: L[] = []) =>
    new Histogram<L>({ name, help, labelNames, buckets, registers });

  const metrics = {
    registry,
    // Kubernetes API and watch
    podsWatched: gauge('k8s_pods_watched', 'Pods known to the watch this process holds.'),
    podEvents: counter('k8s_pod_events_total', 'Pod changes read, by operation.', ['type']),
    apiRequests: counter('k8s_api_requests_total', 'Requests sent to the API server.', ['verb', 'resource']),
    apiRequestSeconds: histogram('k8s_api_request_duration_seconds', 'Time to the response headers.', requestSeconds),
    apiErrors: counter('k8s_api_errors_total', 'Failed requests, by HTTP status or transport error.', ['code']),
    watchReconnections: counter('k8s_watch_reconnections_total', 'Watches opened anew, by reason.', ['reason']),
    watchEvents: counter('k8s_watch_events_total', 'Objects read from watch streams, by type.', ['type']),
    watchLastEvent: gauge('k8s_watch_last_event_timestamp_seconds', 'When the last watch event was read.'),
    watchStreamAge: gauge('k8s_watch_stream_age_seconds', 'Seconds since the last byte of the oldest live stream.'),
    watchRelists: counter('k8s_watch_relists_total', 'Whole lists taken in, by reason.', ['reason']),
    watchGaps: counter('k8s_watch_gaps_total', 'Stretches whose updates cannot be known.'),
    watchQueueDepth: gauge('k8s_watch_queue_depth', 'Watch events read and not yet taken by the consumer.'),
    // From change to run
    changesUnchanged: counter('podkeeper_changes_unchanged_total', 'Changes that altered nothing in the snapshot.'),
    changesExcluded: counter('podkeeper_changes_excluded_total', 'Changes of pods an exclusion pattern matches.'),
    changesLate: counter('podkeeper_changes_late_total', 'Changes of a pod whose run had already ended.'),
    dispatches: counter('podkeeper_dispatches_total', 'Signals sent to pod runs, by lane and result.', [
      'lane',
      'result',
    ]),
    dispatchSeconds: histogram('podkeeper_dispatch_duration_seconds', 'Time from read to accepted.', requestSeconds),
    dispatchQueueDepth: gauge('podkeeper_dispatch_queue_depth', 'Changes read and not yet accepted by Temporal.'),
    snapshotsTruncated: counter('podkeeper_snapshots_truncated_total', 'Snapshots cut to stay within their bound.'),
    checkpointAge: gauge('podkeeper_watch_checkpoint_age_seconds', 'Age of the oldest change not yet accepted.'),
    // Classification
    classifications: counter('podkeeper_classifications_total', 'Classified batches, by result.', ['result']),
    classificationSeconds: histogram(
      'podkeeper_classification_duration_seconds',
      'Time to classify one batch.',
      classificationSeconds,
    ),
    findings: counter('podkeeper_findings_total', 'New findings, by cause and severity.', ['cause', 'severity']),
    // User rules and replay
    rulesLoads: counter('podkeeper_rules_loads_total', 'Reads of a changed rules file, by result.', ['result']),
    rulesInForce: gauge('podkeeper_rules_in_force', 'User rules applied to each classification.'),
    ruleFailures: counter('podkeeper_rule_failures_total', 'Classifications a user rule made fail, by rule.', ['rule']),
    reclassifications: counter('podkeeper_reclassifications_total', 'Runs a replay has tried, by outcome.', [
      'outcome',
    ]),
    // HTTP triggers
    httpRequests: counter('podkeeper_http_requests_total', 'Answered requests, by route, method and status.', [
      'route',
      'method',
      'status',
    ]),
    httpRequestSeconds: histogram(
      'podkeeper_http_request_duration_seconds',
      'Time to the whole answer.',
      requestSeconds,
      ['route'],
    ),
    httpEvents: counter('podkeeper_http_pod_events_total', 'Pod events sent to the webhook, by result.', ['result']),
    httpEventsWaiting: gauge('podkeeper_http_pod_events_waiting', 'Pod events taken in, not yet accepted by Temporal.'),
    // Sessions
    sessionPodsActive: gauge('session_pods_active', 'Session pods this gateway can route to.', ['class']),
    sessionPodCreationSeconds: histogram(
      'session_pod_creation_duration_seconds',
      'Time from the request for a pod until it was ready.',
      creationSeconds,
      ['start'],
    ),
    sessionPodDeletions: counter('session_pod_deletion_total', 'Session pods removed, by reason.', ['reason']),
    sessionIdleTimeouts: counter('session_idle_timeout_total', 'Sessions ended because they were idle.'),
    sessionIdleLateSeconds: histogram(
      'podkeeper_session_idle_lateness_seconds',
      'Time from the end of an idle timeout to the deletion of the pod.',
      creationSeconds,
    ),
    sessionRequestSeconds: histogram(
      'session_request_duration_seconds',
      'Time to the whole answer of a request to a session, by status or failure code.',
      requestSeconds,
      ['code'],
    ),
    sessionStarts: counter('podkeeper_session_starts_total', 'Answers that a pod is ready, by how it came about.', [
      'start',
    ]),
    sessionWaiters: gauge('podkeeper_session_waiters', 'Requests that wait for a pod.'),
    sessionLeases: gauge('podkeeper_session_leases', 'Sessions this gateway holds a lease on.'),
    sessionRejections: counter('podkeeper_session_rejections_total', 'Requests refused, by code.', ['code']),
    sessionSuspects: counter('podkeeper_session_suspects_total', 'Pods reported because they could not be reached.'),
    sessionWrongPods: counter(
      'podkeeper_session_wrong_pods_total',
      'Connections on which another than the expected pod answered.',
    ),
    sessionUnleased: counter(
      'podkeeper_session_unleased_requests_total',
      'Requests served without a lease because Redis did not answer.',
    ),
    sessionRoutesStale: gauge('podkeeper_session_routes_stale', '1 while the gateway has not heard of the API server.'),
    sessionTunnels: gauge('podkeeper_session_websockets', 'WebSockets open through this gateway.'),
    sessionOrphans: counter('podkeeper_session_orphans_total', 'Differences between pods and runs repaired, by kind.', [
      'kind',
    ]),
    sessionSlots: gauge('podkeeper_session_pods_counted', 'Session pods at the last comparison with their runs.'),
    tlsReloads: counter('podkeeper_tls_reloads_total', 'Reads of a changed certificate, by result.', ['result']),
    // Redis
    redisErrors: counter('podkeeper_redis_errors_total', 'Redis commands that failed, by operation.', ['operation']),
  } as const;
  // A counter that appears together with its first error looks to Prometheus as if it had never grown.
  for (const result of ['classified', 'failed']) metrics.classifications.inc({ result }, 0);
  for (const result of ['loaded', 'failed']) metrics.rulesLoads.inc({ result }, 0);
  return metrics;
}

export type Metrics = ReturnType<typeof createMetrics>;
