import type { Client, Connection } from '@temporalio/client';
import { type EnvironmentState, readState } from '../dev/environment/state.ts';
import { listEnvironments, status } from '../dev/environment/status.ts';
import { createRunUrl } from '../platform/temporal/runs/run-url.ts';

/** A Temporal server as a command uses it. */
export interface TemporalTarget {
  readonly client: Client & { connection: Connection };
  /** The page of a run in the Temporal UI that shows its summary and details; undefined where the UI's address is not known. */
  readonly runUrl: (workflowId: string, runId: string) => string | undefined;
}

/**
 * Connects to what the Temporal CLI's variables name or, without TEMPORAL_ADDRESS, to the running local environment.
 * Fails after 5 s: a person is waiting. Queries need a running worker: that one is missing is said as such.
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
      runUrl: uiUrl === undefined ? () => undefined : createRunUrl({ uiUrl, namespace: server.namespace }),
    });
  } catch (error) {
    throw isServiceError(error, noPoller) ? new Error(`${noPollerHint}.`) : error;
  } finally {
    await client.connection.close();
  }
}

/** Where Temporal is in the one local environment that runs; null when none does. Throws when it would be a guess. */
async function localEnvironment(): Promise<EnvironmentState['temporal']> {
  const given = process.env['PODKEEPER_DEV_STATE'];
  if (given !== undefined && given !== '') return (await readState(given))?.temporal ?? null;
  const statuses = await Promise.all((await listEnvironments()).map((name) => status(name)));
  const running = statuses.filter(({ phase, state }) => phase === 'running' && state?.temporal);
  const chosen = running.length === 1 ? running[0] : running.find(({ name }) => name === 'default');
  if (running.length > 0 && chosen === undefined) {
    const names = running.map(({ name }) => name).join(', ');
    throw new Error(
      `Several local environments run (${names}): eval "$(podkeeper dev env --name <name>)" chooses one.`,
    );
  }
  return chosen?.state?.temporal ?? null;
}

/** gRPC FAILED_PRECONDITION: how Temporal answers a query of a run whose task queue nobody polls. */
const noPoller = 9;
const noPollerHint = 'No pod worker answers for this run. Start one ("npm run worker:pods") and try again';

function isServiceError(error: unknown, code: number): error is Error & { readonly details: string } {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return cause instanceof Error && 'code' in cause && cause.code === code && 'details' in cause;
}
