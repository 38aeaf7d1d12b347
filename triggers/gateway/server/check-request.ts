import type { IncomingMessage } from 'node:http';
import { Problem } from '../../http/problems/problem.ts';
import { type GatewayAddress, readAddress } from '../api/read-address.ts';
import { framingFault } from '../request/framing-fault.ts';
import type { GatewayLimits } from './limits.ts';

/** Where two could disagree on where a request ends, nothing that follows it on its connection can be believed. */
const closing = { connection: 'close' } as const;

const allowed: Readonly<Record<Exclude<GatewayAddress['kind'], 'proxy'>, readonly string[]>> = {
  execute: ['POST'],
  status: ['GET', 'HEAD'],
  extend: ['POST'],
  session: ['DELETE'],
  sessions: ['GET', 'HEAD'],
  'session-by-key': ['GET', 'HEAD', 'DELETE'],
  health: ['GET', 'HEAD'],
};

/** What a request is for, if its head is sound. Before anything else is looked at, its token included. Throws a Problem. */
export function checkRequest(request: IncomingMessage, { headerCount }: GatewayLimits): GatewayAddress {
  const { rawHeaders, method = '', url = '', httpVersion, headers } = request;
  if (rawHeaders.length / 2 > headerCount) {
    throw new Problem('headers_too_large', { detail: `Send at most ${headerCount} headers.`, headers: closing });
  }
  const fault = versionFault(httpVersion, headers['transfer-encoding']) ?? framingFault(rawHeaders);
  if (fault !== undefined) throw new Problem('invalid_request', { detail: fault, headers: closing });
  if (method === 'TRACE' || method === 'CONNECT') {
    throw new Problem('method_not_allowed', { detail: `${method} is not taken.`, headers: closing });
  }
  const address = readAddress(url);
  if ('fault' in address) {
    throw new Problem(address.code, {
      detail: address.fault,
      ...(address.code === 'invalid_request' && { headers: closing }),
    });
  }
  if (address.kind === 'proxy' || allowed[address.kind].includes(method)) return address;
  const allow = allowed[address.kind].join(', ');
  throw new Problem('method_not_allowed', { detail: `This address takes ${allow}.`, headers: { allow } });
}

/** HTTP/1.0 has no chunked bodies (RFC 9112, section 6.1); node takes 0.9 and 2.0 for requests too. */
function versionFault(version: string, transferEncoding: string | undefined): string | undefined {
  if (version !== '1.1' && version !== '1.0') return 'Only HTTP/1.1 and HTTP/1.0 are spoken here.';
  return version === '1.0' && transferEncoding !== undefined ? 'HTTP/1.0 has no Transfer-Encoding.' : undefined;
}
