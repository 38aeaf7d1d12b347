import { type Socket, connect } from 'node:net';
import { ConnectFailedError } from './upstream.ts';

export interface SocketTarget {
  readonly address: string;
  readonly port: number;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** Node's 16 KiB would halve the throughput of large answers. */
const socketOptions = { noDelay: true, keepAlive: true, keepAliveInitialDelay: 30_000, highWaterMark: 64 * 1024 };

/** A TCP connection. Throws ConnectFailedError, or the signal's reason. */
export async function openSocket({ address, port, timeoutMs, signal }: SocketTarget): Promise<Socket> {
  signal?.throwIfAborted();
  const socket = connect({ ...socketOptions, host: address, port });
  const { promise, resolve, reject } = Promise.withResolvers<Socket>();
  const timer = setTimeout(() => reject(new ConnectFailedError(`no connection within ${timeoutMs} ms`)), timeoutMs);
  const onAbort = () => reject(abortReason(signal));
  const onError = (error: Error) => reject(new ConnectFailedError(error.message));
  // The listener stays: an error that nobody listens for, however short the moment, would end the process.
  socket.once('connect', () => resolve(socket)).on('error', onError);
  signal?.addEventListener('abort', onAbort);
  try {
    return await promise;
  } catch (error) {
    socket.destroy();
    throw error;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
  }
}

/** The signal's reason as an Error, whatever it was aborted with. */
export function abortReason(signal: AbortSignal | undefined): Error {
  const reason: unknown = signal?.reason;
  return reason instanceof Error ? reason : new Error('aborted', { cause: reason });
}
