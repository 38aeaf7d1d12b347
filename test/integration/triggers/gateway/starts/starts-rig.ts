import { randomUUID } from 'node:crypto';
import type { Client } from '@temporalio/client';
import { createMetrics } from '../../../../../platform/metrics.ts';
import { createRouteTable } from '../../../../../triggers/gateway/routes/create-route-table.ts';
import type { SessionTarget } from '../../../../../triggers/gateway/session/session-target.ts';
import { createSessionStarter } from '../../../../../triggers/gateway/starts/create-session-starter.ts';
import { createSessionRuns } from '../../../../../triggers/gateway/starts/runs/create-session-runs.ts';
import type { EnsureOptions } from '../../../../../triggers/gateway/starts/session-starter.ts';
import { captureLog } from '../../../../helpers/log-capture.ts';
import { freshSession, quickClass } from '../../../../helpers/sessions/session-runs.ts';

/** The way of a gateway process to the runs of sessions: all real but the slots, of which there are enough. */
export function startGatewayStarts(client: Client) {
  const { logger } = captureLog();
  const metrics = createMetrics();
  const runs = createSessionRuns({
    client,
    cluster: 'test',
    sessions: { namespace: 'sessions', namespaceShards: 1, podCreationTimeoutSeconds: 20 },
  });
  const routes = createRouteTable({
    classes: new Map([['default', quickClass]]),
    signingKeys: { verify: () => true },
    metrics,
    logger,
    clock: () => performance.now(),
  });
  const starter = createSessionStarter({
    runs,
    routes,
    metrics,
    logger,
    limits: { sessions: 1000, sessionsPerTenant: 1000, startsPerSecond: 1000, startsAtOnce: 1000 },
    admission: { admit: () => Promise.resolve({ ok: true, value: { answer: 'admitted', retryMs: 0 } }) },
  });
  const ensure = (target: SessionTarget, options: Partial<EnsureOptions> & { readonly holdMs?: number } = {}) =>
    starter.ensure(target, {
      above: 0,
      deadlineMs: performance.now() + (options.holdMs ?? 30_000),
      signal: new AbortController().signal,
      ...options,
    });
  return { runs, routes, starter, ensure };
}

/** A session nobody else has, as a request means it. */
export function freshTarget(parts: Partial<SessionTarget> = {}): SessionTarget {
  const { key, sessionId, class: sessionClass } = freshSession();
  const owner = { tenant: '', tenantHash: 't', ownerHash: `owner-${randomUUID()}` };
  return { key, sessionId, ...owner, askedClass: null, class: { ...sessionClass, idleTimeoutSeconds: 600 }, ...parts };
}
