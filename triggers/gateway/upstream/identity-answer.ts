import type { PodClaim } from '../../../domain/sessions/handshake/handshake-texts.ts';
import { type AnswerFault, type AnswerHead, readAnswerHead } from './answer/answer-head.ts';

/** What a pod says of itself, not believed yet. */
export interface IdentityAnswer extends PodClaim {
  readonly mac: string;
  /** It closes the connection after this answer: it is stopping. */
  readonly closes: boolean;
}

/** A pod's answer has some 400 bytes. */
const maxBytes = 4096;
const start = 'HTTP/1.1 ';

/**
 * Reads what came on a new connection after the question for its identity: one whole answer and not a byte more, or
 * undefined when some of it is still to come. Whatever a pod of ours would not send is a fault.
 */
export function readIdentityAnswer(bytes: Buffer): IdentityAnswer | AnswerFault | undefined {
  const text = bytes.toString('latin1');
  const begun = text.slice(0, start.length);
  if (begun !== start.slice(0, begun.length)) return { fault: 'not an HTTP answer' };
  const headEnd = text.indexOf('\r\n\r\n');
  if (headEnd < 0) return bytes.length >= maxBytes ? { fault: `more than ${maxBytes} bytes` } : undefined;
  const head = readAnswerHead(text.slice(0, headEnd), false);
  if ('fault' in head) return head;
  if (head.status !== 200) return { fault: `status ${head.status}` };
  const length = head.bodyEnd;
  if (typeof length !== 'number') return { fault: 'headers that leave open where the answer ends' };
  if (!isPlain(head)) return { fault: 'a header twice, or with more than ASCII' };
  const body = bytes.subarray(headEnd + 4);
  if (length > maxBytes) return { fault: `more than ${maxBytes} bytes` };
  if (body.length < length) return undefined;
  if (body.length > length) return { fault: 'more than one answer' };
  return readClaim(body.toString('utf8'), !head.isKept);
}

/** Other answers may have such headers. */
function isPlain({ headers }: AnswerHead): boolean {
  const names = headers.filter((_, index) => index % 2 === 0).map((name) => name.toLowerCase());
  return new Set(names).size === names.length && headers.every((text) => !/[\x80-\xff]/.test(text));
}

function readClaim(text: string, closes: boolean): IdentityAnswer | AnswerFault {
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
