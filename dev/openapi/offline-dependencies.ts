import { Client, Connection } from '@temporalio/client';
import { createMetrics } from '../../platform/metrics.ts';
import { createLogger } from '../../platform/logger.ts';
import type { HttpDependencies } from '../../triggers/http/http-app.ts';

/** What the HTTP API needs, without any server behind it: for its document and for tests of its own parts. */
export function offlineDependencies(): HttpDependencies {
  return {
    cluster: 'local',
    client: new Client({ connection: Connection.lazy({ address: '127.0.0.1:1' }) }),
    temporalNamespace: 'default',
    runUrl: (workflowId, runId) => `http://localhost/${workflowId}/${runId}`,
    runSettings: { classificationTimeoutMs: 2000, failedRetentionSeconds: 60, idleCheckSeconds: 60 },
    watchDefaults: {
      scope: { scopeName: 'all', namespaces: [], excludePatterns: [] },
      podRuns: 'all',
      coalesceMs: 300,
      dispatchConcurrency: 1,
      queueLimit: 1,
      intervalSeconds: 1,
      classificationTimeoutMs: 2000,
      failedRetentionSeconds: 60,
      idleCheckSeconds: 60,
    },
    authenticate: () => Promise.reject(new Error('nobody calls this')),
    limits: { requestsPerMinute: 1_000_000, requestTimeoutSeconds: 1, dispatchQueueLimit: 1, dispatchConcurrency: 1 },
    checks: [],
    metrics: createMetrics(),
    logger: createLogger({ level: 'silent', name: 'offline' }),
  };
}
