import { type IncomingMessage, STATUS_CODES } from 'node:http';
import { type Duplex, PassThrough, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { SessionStart } from '../../../../workflows/session.messages.ts';
import { headersForClient, type RawHeaders } from '../../request/forwarded-headers.ts';
import type { SessionExchange } from '../../session/session-exchange.ts';

/** A pod's answer to an upgrade, and whom it is for. */
export interface AnsweredUpgrade {
  readonly message: IncomingMessage;
  readonly client: Duplex;
  readonly exchange: Pick<SessionExchange, 'requestId' | 'receivedAtMs'>;
  readonly start: SessionStart;
  /** By `performance.now()`: when the pod was asked. */
  readonly askedAtMs: number;
}

/** Tells the client that its WebSocket is open. */
export function acceptWebSocket({ client, ...answered }: AnsweredUpgrade): void {
  // A 101 has no body, whatever it says. https://www.rfc-editor.org/rfc/rfc9110#section-8.6
  const headers = headersOf(answered, ['content-length']);
  client.write(headBytes(101, [...headers, 'Connection', 'Upgrade', 'Upgrade', 'websocket']));
}

/** Gives the pod's refusal of a WebSocket to the client and ends its connection. Throws when it could not be given whole. */
export async function passOn(
  refused: AnsweredUpgrade & { readonly silenceMs: number; readonly closeWaitMs: number; readonly signal: AbortSignal },
): Promise<void> {
  const { message, client, silenceMs, closeWaitMs, signal } = refused;
  const status = message.statusCode ?? 502;
  const hasNoFraming = message.headers['content-length'] === undefined && status !== 204 && status !== 304;
  const framing = hasNoFraming ? ['Transfer-Encoding', 'chunked'] : [];
  client.write(headBytes(status, [...headersOf(refused), ...framing, 'Connection', 'close']));
  message.setTimeout(silenceMs, () => message.destroy(new Error('the pod went silent')));
  await pipeline(message, hasNoFraming ? inChunks() : new PassThrough(), client, { signal });
  // What is still unread would turn the end into a reset, and take the answer with it.
  client.resume();
  const timer = setTimeout(() => client.destroy(), closeWaitMs).unref();
  client.once('close', () => clearTimeout(timer));
}

/** The pod's headers and ours, which take the place of the pod's. */
function headersOf(
  { message, exchange, start, askedAtMs }: Omit<AnsweredUpgrade, 'client'>,
  dropped: readonly string[] = [],
): string[] {
  const toPod = (askedAtMs - exchange.receivedAtMs).toFixed(1);
  const ofPod = (performance.now() - askedAtMs).toFixed(1);
  const ours = [
    'X-Podkeeper-Start',
    start,
    'X-Request-Id',
    exchange.requestId,
    'Server-Timing',
    `route;dur=${toPod}, pod;dur=${ofPod}`,
  ];
  const kept = headersForClient(message.rawHeaders);
  const isKept = (name: string) => name !== 'x-request-id' && !dropped.includes(name);
  return [...kept.filter((_text, index) => isKept((kept[index - (index % 2)] ?? '').toLowerCase())), ...ours];
}

/** Values came through Node's parser, so there are no line ends in them. */
function headBytes(status: number, headers: RawHeaders): Buffer {
  let text = `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n`;
  for (let index = 0; index + 1 < headers.length; index += 2) text += `${headers[index]}: ${headers[index + 1]}\r\n`;
  return Buffer.from(`${text}\r\n`, 'latin1');
}

/** https://www.rfc-editor.org/rfc/rfc9112#section-7.1 */
function inChunks(): Transform {
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      done(null, Buffer.concat([Buffer.from(`${chunk.length.toString(16)}\r\n`), chunk, Buffer.from('\r\n')]));
    },
    flush(done) {
      done(null, '0\r\n\r\n');
    },
  });
}
