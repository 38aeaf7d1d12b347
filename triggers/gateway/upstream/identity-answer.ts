import type { PodClaim } from '../../../domain/sessions/handshake/handshake-texts.ts';

/** What a pod says of itself, not believed yet. */
export interface IdentityAnswer extends PodClaim {
  readonly mac: string;
  /** It closes the connection after this answer: it is stopping. */
  readonly closes: boolean;
}

/** Why bytes are not the answer of a native session pod. */
export interface IdentityFault {
  readonly fault: string;
}

/** A pod's answer has some 400 bytes. */
const maxBytes = 4096;
const start = 'HTTP/1.1 ';
const headerLine = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([\x20-\x7e\t]*?)[ \t]*$/;

/**
 * Reads what came on a new connection after the question for its identity: one whole answer and not a byte more, or
 * undefined when some of it is still to come. Whatever a pod of ours would not send is a fault.
 */
export function readIdentityAnswer(bytes: Buffer): IdentityAnswer | IdentityFault | undefined {
  const text = bytes.toString('latin1');
  const begun = text.slice(0, start.length);
  if (begun !== start.slice(0, begun.length)) return { fault: 'not an HTTP answer' };
  const headEnd = text.indexOf('\r\n\r\n');
  if (headEnd < 0) return bytes.length >= maxBytes ? { fault: `more than ${maxBytes} bytes` } : undefined;
  const [statusLine = '', ...lines] = text.slice(0, headEnd).split('\r\n');
  const status = /^HTTP\/1\.1 (\d{3})(?: [^\r\n]*)?$/.exec(statusLine)?.[1];
  if (status === undefined) return { fault: 'not an HTTP answer' };
  if (status !== '200') return { fault: `status ${status}` };
  const headers = readHeaders(lines);
  const lengthText = headers?.get('content-length') ?? '';
  if (headers === undefined || headers.has('transfer-encoding') || !/^\d{1,4}$/.test(lengthText)) {
    return { fault: 'headers that leave open where the answer ends' };
  }
  const length = Number(lengthText);
  const body = bytes.subarray(headEnd + 4);
  if (length > maxBytes) return { fault: `more than ${maxBytes} bytes` };
  if (body.length < length) return undefined;
  if (body.length > length) return { fault: 'more than one answer' };
  const closes = headers.get('connection')?.toLowerCase() === 'close';
  return readClaim(body.toString('utf8'), closes);
}

/** Undefined for a line that is no header, and for a name that is there twice. */
function readHeaders(lines: readonly string[]): ReadonlyMap<string, string> | undefined {
  const headers = new Map<string, string>();
  for (const line of lines) {
    const match = headerLine.exec(line);
    const name = match?.[1]?.toLowerCase();
    if (name === undefined || headers.has(name)) return undefined;
    headers.set(name, match?.[2] ?? '');
  }
  return headers;
}

function readClaim(text: string, closes: boolean): IdentityAnswer | IdentityFault {
  const value = parse(text);
  if (typeof value !== 'object' || value === null) return { fault: 'a body that is not JSON of a pod' };
  const { podUid, sessionKey, incarnation, mac } = value as Partial<Record<keyof IdentityAnswer, unknown>>;
  if (
    typeof podUid !== 'string' ||
    typeof sessionKey !== 'string' ||
    typeof incarnation !== 'number' ||
    !Number.isSafeInteger(incarnation) ||
    typeof mac !== 'string'
  ) {
    return { fault: 'a body that is not JSON of a pod' };
  }
  return { podUid, sessionKey, incarnation, mac, closes };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
