import { Agent } from 'undici';

/** Connections of all clients of a rig: as many as are needed at once, and no time-out but that of the test. */
export function createClientDispatcher(): Agent {
  return new Agent({ pipelining: 1, headersTimeout: 0, bodyTimeout: 0, keepAliveTimeout: 4000 });
}
