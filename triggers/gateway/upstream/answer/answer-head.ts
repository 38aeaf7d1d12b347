import { readHeaderLine } from './header-line.ts';

/** The head of a pod's answer. */
export interface AnswerHead {
  readonly status: number;
  /** Empty where the pod gives none. */
  readonly reason: string;
  /** As they came: name, value, name, value … */
  readonly headers: readonly string[];
}

/** Where an answer's body ends: after so many bytes (0: there is none), by its chunks, or with the connection. */
export type BodyEnd = number | 'chunked' | 'close';

/** What a head means for its connection. */
export interface Framing {
  readonly bodyEnd: BodyEnd;
  /** Whether another request may follow on the connection. */
  readonly isKept: boolean;
  /** For how long the pod says that it keeps a silent connection. */
  readonly keptSeconds: number | undefined;
}

/** Why bytes are not an answer that can be passed on. */
export interface AnswerFault {
  readonly fault: string;
}

const statusLine = /^HTTP\/1\.([01]) ([1-9]\d\d)(?: ([\t\x20-\x7e\x80-\xff]*))?$/;
/** Of the head of a pod's answer; bytes with the status line. */
export const headLimits = { bytes: 16 * 1024, headers: 100 } as const;
const digits = /^\d{1,15}$/;
const keepAliveTimeout = /(?:^|[,;\s])timeout=(\d{1,6})(?:$|[,;\s])/i;

/**
 * Reads a head, without the empty line at its end. `withoutBody`: it answers a request (HEAD) whose answers have none.
 * Strict where two readers could see two ends: https://www.rfc-editor.org/rfc/rfc9112#section-6.3
 */
export function readAnswerHead(text: string, withoutBody: boolean): (AnswerHead & Framing) | AnswerFault {
  const lines = text.split('\r\n');
  const line = statusLine.exec(lines[0] ?? '');
  if (line === null) return { fault: 'it does not begin with a status line of HTTP/1.1' };
  const status = Number(line[2]);
  const isOld = line[1] === '0';
  const headers: string[] = [];
  if (lines.length - 1 > headLimits.headers) return { fault: `it has more than ${headLimits.headers} headers` };
  let [length, encoding, keptSeconds]: [string?, string?, number?] = [];
  let [saysClose, saysKeepAlive] = [false, false];
  for (let index = 1; index < lines.length; index += 1) {
    if (!readHeaderLine(lines[index] ?? '', headers)) return { fault: 'it has a line that is no header' };
    const name = headers.at(-2) ?? '';
    const value = headers.at(-1) ?? '';
    // Lengths rule out nearly all names without a copy in lower case.
    if (name.length === 14 && name.toLowerCase() === 'content-length') {
      if (length !== undefined || !digits.test(value)) return { fault: 'its Content-Length is not one whole number' };
      length = value;
    } else if (name.length === 17 && name.toLowerCase() === 'transfer-encoding') {
      // Other codings would have to be undone here: what says so is not passed on.
      if (encoding !== undefined || value.toLowerCase() !== 'chunked')
        return { fault: 'its Transfer-Encoding is not "chunked"' };
      encoding = value;
    } else if (name.length === 10 && name.toLowerCase() === 'connection') {
      const words = value.toLowerCase().split(/[\s,]+/);
      saysClose ||= words.includes('close');
      saysKeepAlive ||= words.includes('keep-alive');
    } else if (name.length === 10 && name.toLowerCase() === 'keep-alive') {
      const seconds = keepAliveTimeout.exec(value)?.[1];
      if (seconds !== undefined) keptSeconds = Number(seconds);
    }
  }
  if (encoding !== undefined && (length !== undefined || isOld))
    return { fault: 'it has Transfer-Encoding beside Content-Length, or in HTTP/1.0' };
  const announced: BodyEnd = encoding !== undefined ? 'chunked' : length !== undefined ? Number(length) : 'close';
  const hasNone = withoutBody || status < 200 || status === 204 || status === 304;
  // Some servers send what they announce all the same: it would be taken for the next answer.
  const isSure = hasNone ? !withoutBody && (announced === 'close' || announced === 0) : announced !== 'close';
  const isKept = isSure && !saysClose && (!isOld || saysKeepAlive);
  return { status, reason: line[3] ?? '', headers, bodyEnd: hasNone ? 0 : announced, isKept, keptSeconds };
}
