import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { Problem } from '../../../http/problems/problem.ts';
import { headersForPod, type RawHeaders } from '../../request/forwarded-headers.ts';
import type { SessionExchange } from '../../session/session-exchange.ts';

const version = '13';
const acceptGuid = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
/** 16 bytes in base64. */
const keyForm = /^[A-Za-z0-9+/]{21}[AQgw]==$/;
const ofHandshake = 'sec-websocket-';

/** The client's Sec-WebSocket-Key. Throws a Problem when the request does not open a WebSocket as RFC 6455, section 4.2.1, says. */
export function readUpgrade(request: IncomingMessage): string {
  const { method, httpVersion, headers } = request;
  if (method !== 'GET') throw invalid('A WebSocket is opened with GET.');
  if (httpVersion !== '1.1') throw invalid('A WebSocket is opened with HTTP/1.1.');
  if (headers.upgrade?.toLowerCase() !== 'websocket' || !hasToken(headers.connection, 'upgrade'))
    throw invalid('The only upgrade there is leads to a WebSocket: Connection: Upgrade, Upgrade: websocket.');
  // Its bytes would be taken for frames.
  if (headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0')
    throw invalid('A request that opens a WebSocket has no body.');
  if (headers['sec-websocket-version'] !== version) {
    const detail = `Only version ${version} of the WebSocket protocol is known here.`;
    throw new Problem('invalid_request', { detail, headers: { 'Sec-WebSocket-Version': version } });
  }
  const key = headers['sec-websocket-key'];
  if (key === undefined || !keyForm.test(key))
    throw invalid('Sec-WebSocket-Key must be there once: 16 bytes in base64.');
  return key;
}

/** The headers that open the WebSocket to the pod: the client's own, without what is only between it and us. */
export function upgradeHeaders({ request, clientAddress, protocol, requestId }: SessionExchange): string[] {
  const { rawHeaders } = request;
  const forwarded = headersForPod(rawHeaders, { clientAddress, protocol, requestId });
  return [
    ...selected(forwarded, (name) => !name.startsWith(ofHandshake) && name !== 'content-length'),
    // Also when Connection names them: without them there is no handshake.
    ...selected(rawHeaders, (name) => name.startsWith(ofHandshake)),
    ...['Connection', 'Upgrade', 'Upgrade', 'websocket'],
  ];
}

/** What a server that understood the key answers. https://www.rfc-editor.org/rfc/rfc6455#section-4.2.2 */
export function acceptOf(key: string): string {
  return createHash('sha1')
    .update(key + acceptGuid)
    .digest('base64');
}

/** Whether a header with a list of tokens has one, in any case of letters. */
export function hasToken(value: string | undefined, token: string): boolean {
  return value?.split(',').some((part) => part.trim().toLowerCase() === token) ?? false;
}

function selected(raw: RawHeaders, isKept: (lowerName: string) => boolean): string[] {
  return raw.filter((_text, index) => isKept((raw[index - (index % 2)] ?? '').toLowerCase()));
}

function invalid(detail: string): Problem {
  return new Problem('invalid_request', { detail });
}
