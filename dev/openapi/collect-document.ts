import { Client, Connection } from '@temporalio/client';
import { createLogger } from '../../platform/logger.ts';
import { createMetrics } from '../../platform/metrics.ts';
import { createHttpApp } from '../../triggers/http/app.ts';

/** The OpenAPI document of all routes as text, the same each time. Asks no server and listens nowhere. */
export async function collectDocument(): Promise<string> {
  const connection = Connection.lazy();
  const app = await createHttpApp({
    cluster: 'local',
    client: new Client({ connection }),
    temporalNamespace: 'default',
    runUrl: () => '',
    runSettings: { classificationTimeoutMs: 0, failedRetentionSeconds: 0, idleCheckSeconds: 0 },
    watchDefaults: {
      scope: { scopeName: 'all', namespaces: [], excludePatterns: [] },
      podRuns: 'all',
      coalesceMs: 0,
      dispatchConcurrency: 1,
      queueLimit: 1,
      intervalSeconds: 1,
      classificationTimeoutMs: 0,
      failedRetentionSeconds: 0,
      idleCheckSeconds: 0,
    },
    authenticate: () => Promise.reject(new Error('nobody calls this')),
    limits: { requestsPerMinute: 1, requestTimeoutSeconds: 1, dispatchQueueLimit: 1, dispatchConcurrency: 1 },
    checks: [],
    metrics: createMetrics(),
    logger: createLogger({ level: 'silent', name: 'openapi' }),
  });
  try {
    await app.ready();
    return `${JSON.stringify(app.swagger(), null, 2)}\n`;
  } finally {
    await app.close();
    await connection.close();
  }
}
