import type { HttpDependencies } from './http-app.ts';

/**
 * Bounds every call of Temporal that `call` makes, together, by HTTP_REQUEST_TIMEOUT_SECONDS. Past it a call fails with
 * gRPC DEADLINE_EXCEEDED, which the error handler answers as `temporal_unavailable`.
 */
export async function withTemporalDeadline<T>(
  { client, limits }: Pick<HttpDependencies, 'client' | 'limits'>,
  call: () => Promise<T>,
): Promise<T> {
  return await client.connection.withDeadline(Date.now() + limits.requestTimeoutSeconds * 1000, call);
}
