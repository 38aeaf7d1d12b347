import { parseRange } from '../node/subnets.ts';

/** Addresses of simulated pods. They are loopback: one stand-in server on all addresses answers for every pod. */
export const simulatedPodCidr = '127.64.0.0/16';

const pods = parseRange(simulatedPodCidr);

/** Whether an IPv4 address is one that kwok gives to a pod. */
export function isSimulatedAddress(address: string): boolean {
  const { first } = parseRange(address);
  return first >= pods.first && first <= pods.last;
}
