import { createHash } from 'node:crypto';
import { refuseUpgrade } from '../http/answers.mjs';

const acceptGuid = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

/** Answers the opening handshake; returns the status. https://www.rfc-editor.org/rfc/rfc6455#section-4.2 */
export function acceptUpgrade(request, socket) {
  const fault = findFault(request);
  if (fault !== null) {
    refuseUpgrade(socket, fault);
    return fault.status;
  }
  const accept = createHash('sha1')
    .update(request.headers['sec-websocket-key'] + acceptGuid)
    .digest('base64');
  const lines = ['HTTP/1.1 101 Switching Protocols', 'Upgrade: websocket', 'Connection: Upgrade'];
  socket.write(`${[...lines, `Sec-WebSocket-Accept: ${accept}`].join('\r\n')}\r\n\r\n`);
  return 101;
}

function findFault({ method, headers }) {
  const fault = (detail) => ({ status: 400, code: 'invalid_upgrade', detail });
  if (method !== 'GET') return fault('A WebSocket is opened with GET.');
  if (headers.upgrade?.toLowerCase() !== 'websocket') return fault('Only an upgrade to websocket is known.');
  if (headers['sec-websocket-version'] !== '13') {
    const detail = 'Only version 13 of the WebSocket protocol is known.';
    return { status: 426, code: 'websocket_version', detail, headers: { 'Sec-WebSocket-Version': '13' } };
  }
  // 16 bytes in base64.
  if (!/^[A-Za-z0-9+/]{22}==$/.test(headers['sec-websocket-key'] ?? ''))
    return fault('Sec-WebSocket-Key is not valid.');
  return null;
}
