import { sendJson } from '../http/answers.mjs';
import { readNumber } from './read-number.mjs';

/** GET /slow?ms=N answers after N milliseconds. */
export function slow({ url, response }) {
  const ms = readNumber(url, { name: 'ms', most: 600_000, standard: 1000 });
  const timer = setTimeout(() => sendJson(response, 200, { waitedMs: ms }), ms);
  response.once('close', () => clearTimeout(timer));
}

/** GET /stream?seconds=N sends one server-sent event a second, N of them. https://html.spec.whatwg.org/#server-sent-events */
export function stream({ url, response }) {
  const seconds = readNumber(url, { name: 'seconds', most: 86_400, standard: 10 });
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  response.flushHeaders();
  let sent = 0;
  const timer = setInterval(next, 1000);
  response.once('close', () => clearInterval(timer));
  if (seconds === 0) response.end();

  function next() {
    sent += 1;
    response.write(`id: ${sent}\ndata: ${JSON.stringify({ number: sent, at: new Date().toISOString() })}\n\n`);
    if (sent < seconds) return;
    clearInterval(timer);
    response.end();
  }
}
