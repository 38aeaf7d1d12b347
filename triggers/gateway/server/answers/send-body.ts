import type { ServerResponse } from 'node:http';

/** As much of a request that was refused is read, so that its connection can be used again. */
const drainedBytes = 65_536;
/** Of a longer one so much is thrown away, for that long: closing at once would take the answer from the client. */
const thrownAwayBytes = 1_048_576;
const thrownAwayMs = 2000;

export interface OwnAnswer {
  readonly status: number;
  readonly requestId: string;
  readonly mediaType: string;
  readonly text: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Sends an answer of the gateway's own. The request's body may not have come yet. */
export function sendBody(
  response: ServerResponse,
  { status, requestId, mediaType, text, headers = {} }: OwnAnswer,
): void {
  const { req: request } = response;
  const late = bodyStillComes(response);
  response.statusCode = status;
  if (text !== '') response.setHeader('content-type', mediaType);
  if (status !== 204) response.setHeader('content-length', Buffer.byteLength(text));
  response.setHeader('cache-control', 'no-store');
  response.setHeader('x-content-type-options', 'nosniff');
  response.setHeader('x-request-id', requestId);
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  if (!late) {
    response.end(text);
    return;
  }
  response.setHeader('connection', 'close');
  if (text === '') response.flushHeaders();
  else response.write(text);
  const end = () => void response.end();
  const timer = setTimeout(end, thrownAwayMs).unref();
  let thrownAway = 0;
  request.on('data', (chunk: Buffer) => {
    thrownAway += chunk.length;
    if (thrownAway > thrownAwayBytes) end();
  });
  request.once('end', end);
  response.once('close', () => clearTimeout(timer));
}

/** Whether more of the request comes than is worth reading; also when the client may be waiting to be told to send it. */
function bodyStillComes({ req: { complete, headers } }: ServerResponse): boolean {
  if (complete) return false;
  if (headers['transfer-encoding'] !== undefined) return true;
  const length = Number(headers['content-length'] ?? 0);
  return length > drainedBytes || (length > 0 && headers.expect !== undefined);
}
