import { setTimeout as sleep } from 'node:timers/promises';

/** Two seconds less than the pod's terminationGracePeriodSeconds. */
const drainSeconds = 8;

/**
 * Stops accepting, tells WebSockets that it goes away (1001), lets open requests end for at most 8 s, then writes the
 * state. Throws when the state can't be written.
 */
export async function stop({ server, webSockets, refuseReuse, state }) {
  refuseReuse();
  const closed = new Promise((resolve) => server.close(resolve));
  for (const webSocket of webSockets) webSocket.close(1001);
  // The answer of a stream began before, so its connection is kept alive; it has no more use once the stream is over.
  const idle = setInterval(() => server.closeIdleConnections(), 50);
  await Promise.race([closed, sleep(drainSeconds * 1000, undefined, { ref: false })]);
  clearInterval(idle);
  server.closeAllConnections();
  await state.save();
}
