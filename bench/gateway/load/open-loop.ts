import { setTimeout as sleep } from 'node:timers/promises';
import type { LoadConnection, LoadTarget } from './load-connection.ts';
import { withConnections } from './with-connections.ts';

export interface OpenLoop {
  readonly requestsPerSecond: number;
  readonly connections: number;
  readonly seconds: number;
}

/**
 * Requests at a fixed rate, whatever the answers do. Milliseconds from the moment each was meant to be sent, so that one
 * that had to wait for those before it tells so. https://www.scylladb.com/2021/04/22/on-coordinated-omission/
 */
export function runOpenLoop(target: LoadTarget, loop: OpenLoop): Promise<readonly number[]> {
  return withConnections(target, loop.connections, async (open) => {
    const idle: LoadConnection[] = [...open];
    const waiting: number[] = [];
    const latencies: number[] = [];
    const send = (connection: LoadConnection, meantMs: number): void => {
      connection.ask(() => {
        latencies.push(performance.now() - meantMs);
        const next = waiting.shift();
        if (next === undefined) idle.push(connection);
        else send(connection, next);
      });
    };
    const startedMs = performance.now();
    const total = loop.requestsPerSecond * loop.seconds;
    for (let sent = 0; sent < total;) {
      const elapsedMs = performance.now() - startedMs;
      const due = Math.min(total, Math.floor((elapsedMs * loop.requestsPerSecond) / 1000));
      for (; sent < due; sent += 1) {
        const meantMs = startedMs + (sent * 1000) / loop.requestsPerSecond;
        const connection = idle.pop();
        if (connection === undefined) waiting.push(meantMs);
        else send(connection, meantMs);
      }
      await sleep(1);
    }
    while (latencies.length < total) await sleep(5);
    return latencies;
  });
}
