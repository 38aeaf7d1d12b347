import { STATUS_CODES } from 'node:http';

export function sendJson(response, status, value, headers = {}) {
  send(response, { status, type: 'application/json', value, headers });
}

/** A problem document. https://www.rfc-editor.org/rfc/rfc9457 */
export function sendProblem(response, { status, code, detail, headers = {} }) {
  send(response, { status, type: 'application/problem+json', value: problem({ status, code, detail }), headers });
}

/** What a failed upgrade is answered with: there is no response object for it. The socket ends with it. */
export function refuseUpgrade(socket, { status, code, detail, headers = {} }) {
  const body = JSON.stringify(problem({ status, code, detail }));
  const lines = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'Connection: close',
    'Content-Type: application/problem+json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
  ];
  socket.end(`${lines.join('\r\n')}\r\n\r\n${body}`);
}

function problem({ status, code, detail }) {
  return { type: 'about:blank', title: STATUS_CODES[status], status, code, detail };
}

function send(response, { status, type, value, headers }) {
  const body = Buffer.from(JSON.stringify(value));
  response.writeHead(status, { 'content-type': type, 'content-length': body.length, ...headers });
  response.end(body);
}
