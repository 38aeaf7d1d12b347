import type { IncomingMessage } from 'node:http';

/** Whether a request asks for a WebSocket; any other upgrade (h2c) is answered as if it had not been asked for. */
export function isWebSocketRequest({ method, httpVersion, headers }: IncomingMessage): boolean {
  return method === 'GET' && httpVersion === '1.1' && headers.upgrade?.toLowerCase() === 'websocket';
}
