import { Agent } from 'undici';

/** A gateway takes 64 from one address; further requests wait for one to be free. */
const connections = 60;

/** Connections of one client, with a loopback address of its own as another machine would have; no time-out but that of the test. */
export function createClientDispatcher(number: number): Agent {
  const localAddress = `127.100.${Math.floor(number / 250)}.${(number % 250) + 1}`;
  return new Agent({
    connections,
    pipelining: 1,
    headersTimeout: 0,
    bodyTimeout: 0,
    keepAliveTimeout: 4000,
    localAddress,
  });
}
