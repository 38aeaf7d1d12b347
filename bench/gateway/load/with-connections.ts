import { type LoadConnection, type LoadTarget, openLoadConnection } from './load-connection.ts';

/** Opens connections for `use` and closes them. Throws as soon as one of them fails. */
export async function withConnections<T>(
  target: LoadTarget,
  count: number,
  use: (connections: readonly LoadConnection[]) => Promise<T>,
): Promise<T> {
  const failed = Promise.withResolvers<never>();
  failed.promise.catch(() => undefined);
  const connections: LoadConnection[] = [];
  try {
    for (let index = 0; index < count; index += 1) connections.push(await openLoadConnection(target, failed.reject));
    return await Promise.race([use(connections), failed.promise]);
  } finally {
    for (const { close } of connections) close();
  }
}
