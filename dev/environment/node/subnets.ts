import { randomInt } from 'node:crypto';
import { networkInterfaces } from 'node:os';
import { runCommand } from '../../shared/run-command.ts';

/** The addresses of one real node: a /30 between host and node, and a /24 for its pods. */
export interface NodeSubnets {
  readonly hostAddress: string;
  readonly nodeAddress: string;
  readonly podCidr: string;
}

/** An IPv4 range as first and last address, both as numbers. */
export interface AddressRange {
  readonly first: number;
  readonly last: number;
}

/** The range of a CIDR or a single address. */
export function parseRange(cidr: string): AddressRange {
  const [address = '', bits = '32'] = cidr.split('/');
  const size = 2 ** (32 - Number(bits));
  const number = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  const first = Math.floor(number / size) * size;
  return { first, last: first + size - 1 };
}

/** Candidate number 0 to 2047: 10.208.0.0/12 cut into /23 blocks, the lower half for pods, the start of the upper for the cable. */
export function subnetsOf(candidate: number): NodeSubnets {
  const second = 208 + Math.floor(candidate / 128);
  const third = (candidate % 128) * 2;
  return {
    hostAddress: `10.${second}.${third + 1}.1`,
    nodeAddress: `10.${second}.${third + 1}.2`,
    podCidr: `10.${second}.${third}.0/24`,
  };
}

const candidates = 2048;

/** Picks addresses that overlap nothing in `taken`, starting from a random candidate. Throws when all are taken. */
export function pickSubnets(taken: readonly AddressRange[], start = randomInt(candidates)): NodeSubnets {
  for (let offset = 0; offset < candidates; offset++) {
    const subnets = subnetsOf((start + offset) % candidates);
    const { first } = parseRange(subnets.podCidr);
    const block = { first, last: first + 511 };
    if (!taken.some((range) => range.first <= block.last && block.first <= range.last)) return subnets;
  }
  throw new Error('No free network for the real node in 10.208.0.0/12: every block overlaps a route or an address.');
}

/** What the host's routes and addresses cover. The default route is left out: it covers everything. */
export async function findTakenRanges(): Promise<AddressRange[]> {
  const routes = await runCommand({ command: 'ip', args: ['-4', 'route', 'show', 'table', 'all'] });
  const destinations = routes
    .split('\n')
    .map((line) => /^(?:\w+ )?(\d+\.\d+\.\d+\.\d+(?:\/\d+)?)/.exec(line)?.[1])
    .filter((destination) => destination !== undefined && destination !== '0.0.0.0/0');
  const addresses = Object.values(networkInterfaces())
    .flatMap((interfaces) => interfaces ?? [])
    .filter(({ family }) => family === 'IPv4')
    .map(({ cidr, address }) => cidr ?? address);
  return [...destinations, ...addresses].map((range) => parseRange(range ?? ''));
}
