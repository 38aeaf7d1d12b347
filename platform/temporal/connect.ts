import { setTimeout as sleep } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import type { Logger } from '../logger.ts';
import type { TemporalServer } from './server.ts';

const firstDelayMs = 500;
const maxDelayMs = 5000;
/** Limit of one attempt; one that is given up before goes on unseen until then. */
const attemptMs = 5000;

export interface ConnectOptions {
  readonly server: TemporalServer;
  readonly connectTimeoutSeconds: number;
  readonly logger: Logger;
  /** Ends the attempts early, as a shutdown does. */
  readonly signal?: AbortSignal;
}

/** No connection came about in time; the message says what to do. The process should exit with it. */
export class TemporalUnreachableError extends Error {
  override readonly name = 'TemporalUnreachableError';
}

/**
 * A client with its own connection, for processes that run no worker. Tries again with growing pauses until
 * `connectTimeoutSeconds` are over, then throws a TemporalUnreachableError. Close `client.connection` when done.
 */
export async function connectTemporalClient(options: ConnectOptions): Promise<Client & { connection: Connection }> {
  const connection = await retryConnect(options, () =>
    Connection.connect({ ...connectionOptions(options.server), connectTimeout: attemptMs }),
  );
  return new Client({ connection, namespace: options.server.namespace }) as Client & { connection: Connection };
}

/**
 * A client that connects when it is first used, and again whenever it has to: for a process that has work to do while
 * Temporal is away. Close `client.connection` when done.
 */
export function lazyTemporalClient(server: TemporalServer): Client & { connection: Connection } {
  const connection = Connection.lazy({ ...connectionOptions(server), connectTimeout: attemptMs });
  return new Client({ connection, namespace: server.namespace }) as Client & { connection: Connection };
}

/** The connection a worker needs (a Client can share it). Tries and throws as `connectTemporalClient` does. */
export async function connectTemporalWorker(options: ConnectOptions): Promise<NativeConnection> {
  return await retryConnect(options, () => NativeConnection.connect(connectionOptions(options.server)));
}

function connectionOptions({ address, tls, apiKey, metadata }: TemporalServer) {
  return {
    address,
    ...(tls !== undefined && { tls }),
    ...(apiKey !== undefined && { apiKey }),
    ...(metadata !== undefined && { metadata: { ...metadata } }),
  };
}

async function retryConnect<T extends { close: () => Promise<void> }>(
  options: ConnectOptions,
  connect: () => Promise<T>,
): Promise<T> {
  const { server, connectTimeoutSeconds, logger, signal } = options;
  const deadlineMs = performance.now() + connectTimeoutSeconds * 1000;
  for (let attempt = 1, delayMs = firstDelayMs; ; attempt += 1, delayMs = Math.min(delayMs * 2, maxDelayMs)) {
    signal?.throwIfAborted();
    try {
      return await within(connect(), deadlineMs - performance.now(), signal);
    } catch (error) {
      signal?.throwIfAborted();
      const reason = error instanceof Error ? error.message : String(error);
      if (performance.now() + delayMs >= deadlineMs) throw unreachable(options, reason);
      logger.warn(
        { address: server.address, attempt, reason, nextAttemptMs: delayMs },
        'no connection to Temporal yet',
      );
      await sleep(delayMs, undefined, { ...(signal !== undefined && { signal }) }).catch(() =>
        signal?.throwIfAborted(),
      );
    }
  }
}

/** An attempt has no time limit of its own against a server that accepts and never answers, and knows no signal. */
async function within<T extends { close: () => Promise<void> }>(
  connecting: Promise<T>,
  ms: number,
  signal: AbortSignal | undefined,
): Promise<T> {
  const settled = new AbortController();
  const ends = signal === undefined ? settled.signal : AbortSignal.any([settled.signal, signal]);
  const tooLate = sleep(Math.max(ms, 0), undefined, { signal: ends }).then(() => {
    throw new Error('the server does not answer');
  });
  try {
    return await Promise.race([connecting, tooLate]);
  } catch (error) {
    // Nobody will use a connection that comes late, and nobody is left to tell if none comes.
    void connecting.then(
      (late) => late.close(),
      () => undefined,
    );
    throw error;
  } finally {
    settled.abort();
  }
}

function unreachable({ server, connectTimeoutSeconds }: ConnectOptions, reason: string): TemporalUnreachableError {
  return new TemporalUnreachableError(
    `No connection to Temporal at ${server.address} within ${connectTimeoutSeconds} s: ${reason}. ` +
      'Start the server (npm run dev:up brings a local one), or set TEMPORAL_ADDRESS to where it runs.',
  );
}
