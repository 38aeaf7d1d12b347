import { environmentFolder, environmentPaths } from '../dev/environment/folders.ts';
import type { Client, Connection } from '@temporalio/client';
import { readState } from '../dev/environment/state.ts';

/** A Temporal server as a command uses it. */
export interface TemporalTarget {
  readonly client: Client & { connection: Connection };
  /** The page of a run in the Temporal UI; undefined where the UI's address is not known. */
  readonly runUrl: (workflowId: string, runId: string) => string | undefined;
}

/**
 * Connects to what the Temporal CLI's variables name or, without TEMPORAL_ADDRESS, to the running local environment.
 * Fails after 5 s: a person is waiting.
 */
export async function withTemporal<T>(use: (target: TemporalTarget) => Promise<T>): Promise<T> {
  const { loadTemporalServer } = await import('../platform/temporal/server.ts');
  const { connectTemporalClient } = await import('../platform/temporal/connect.ts');
  const { createLogger } = await import('../platform/logger.ts');
  const local = process.env['TEMPORAL_ADDRESS'] ? null : await localEnvironment();
  const server =
    local === null
      ? loadTemporalServer(process.env)
      : loadTemporalServer({ TEMPORAL_ADDRESS: local.address, TEMPORAL_NAMESPACE: local.namespace });
  const uiUrl = local?.uiUrl ?? process.env['TEMPORAL_UI_URL'];
  const logger = createLogger({ level: 'silent', name: 'cli' });
  const client = await connectTemporalClient({ server, connectTimeoutSeconds: 5, logger });
  try {
    return await use({
      client,
      runUrl: (workflowId, runId) =>
        uiUrl === undefined
          ? undefined
          : `${uiUrl}/namespaces/${server.namespace}/workflows/${encodeURIComponent(workflowId)}/${runId}/history`,
    });
  } finally {
    await client.connection.close();
  }
}

async function localEnvironment() {
  const path = process.env['PODKEEPER_DEV_STATE'] ?? environmentPaths(environmentFolder('default')).state;
  return (await readState(path))?.temporal ?? null;
}
