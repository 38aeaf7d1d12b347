import { setTimeout as sleep } from 'node:timers/promises';

/** Two seconds less than the pod's terminationGracePeriodSeconds. */
const drainSeconds = 8;

/**
 * Stops accepting, tells WebSockets that it goes away (1001), lets open requests end for at most 8 s, then writes the
 * state. Throws when the state can't be written.
 */
export async function stop({ server, webSockets, state }) {
  const closed = new Promise((resolve) => server.close(resolve));
  for (const webSocket of webSockets) webSocket.close(1001);
  // A connection that was kept alive has no more use once its request is over.
  const idle = setInterval(() => server.closeIdleConnections(), 50);
  await Promise.race([closed, sleep(drainSeconds * 1000, undefined, { ref: false })]);
  clearInterval(idle);
  server.closeAllConnections();
  await state.save();
}
