import { type AnswerFault, type AnswerHead, type Framing, headLimits, readAnswerHead } from './answer-head.ts';
import { ChunkedBody } from './chunked-body.ts';

const headEnd = '\r\n\r\n';

/** Told of an answer as it comes. */
export interface AnswerEvents {
  onHead(head: AnswerHead): void;
  onBody(chunk: Buffer): void;
  /** Nothing follows. `isKept`: another request may be sent on the connection, for `keptSeconds` if the pod says so. */
  onEnd(trailers: readonly string[], connection: Pick<Framing, 'isKept' | 'keptSeconds'>): void;
}

const start = Buffer.from('HTTP/1.');
const [lineFeed, carriageReturn] = [0x0a, 0x0d];

/** Whether bytes can be the beginning of a head: who speaks another protocol is not waited for. */
function isBegun(bytes: Buffer): boolean {
  const known = Math.min(bytes.length, start.length);
  if (bytes.compare(start, 0, known, 0, known) !== 0) return false;
  for (let at = bytes.indexOf(lineFeed); at >= 0; at = bytes.indexOf(lineFeed, at + 1)) {
    if (bytes[at - 1] !== carriageReturn) return false;
  }
  return true;
}

const noTrailers: readonly string[] = [];

/** Reads one answer of HTTP/1.1 out of the bytes of a connection. */
export class AnswerReader {
  readonly #events: AnswerEvents;
  readonly #withoutBody: boolean;
  #framing: Framing | undefined;
  #begun: Buffer | undefined;
  #chunks: ChunkedBody | undefined;
  /** Bytes of the body that are still to come. */
  #left = 0;
  #over = false;

  /** `method`: of the request. */
  constructor(method: string, events: AnswerEvents) {
    this.#withoutBody = method === 'HEAD';
    this.#events = events;
  }

  /** Takes bytes in. Answers a fault when they are no answer that can be passed on; nothing may be read after one. */
  take(chunk: Buffer): AnswerFault | undefined {
    let bytes: Buffer | undefined = chunk;
    while (this.#framing === undefined) {
      const rest = this.#takeHead(bytes);
      if (rest === undefined || 'fault' in rest) return rest;
      bytes = rest;
    }
    return this.#takeBody(bytes, this.#framing);
  }

  /** The pod has ended the connection: a fault when the answer is not whole. */
  takeEnd(): AnswerFault | undefined {
    if (this.#over) return undefined;
    if (this.#framing?.bodyEnd !== 'close') return { fault: 'the connection ended before it was whole' };
    this.#end(this.#framing);
    return undefined;
  }

  /** Answers what follows the head, or undefined while some of it is still to come. */
  #takeHead(chunk: Buffer): Buffer | AnswerFault | undefined {
    const bytes = this.#begun === undefined ? chunk : Buffer.concat([this.#begun, chunk]);
    const at = bytes.indexOf(headEnd);
    if (at > headLimits.bytes || (at < 0 && bytes.length > headLimits.bytes + headEnd.length))
      return { fault: `its head has more than ${headLimits.bytes} bytes` };
    this.#begun = at < 0 ? bytes : undefined;
    if (at < 0) return isBegun(bytes) ? undefined : { fault: 'it does not begin with a head of HTTP/1.1' };
    const head = readAnswerHead(bytes.toString('latin1', 0, at), this.#withoutBody);
    if ('fault' in head) return head;
    const rest = bytes.subarray(at + headEnd.length);
    if (head.status === 101) return { fault: 'it changes to another protocol without being asked' };
    // What comes before an answer (102, 103) is a hint; clients can do without.
    if (head.status < 200) return rest;
    this.#framing = head;
    if (head.bodyEnd === 'chunked') this.#chunks = new ChunkedBody((part) => this.#events.onBody(part));
    else if (head.bodyEnd !== 'close') this.#left = head.bodyEnd;
    this.#events.onHead(head);
    return rest;
  }

  #takeBody(bytes: Buffer, framing: Framing): AnswerFault | undefined {
    if (this.#chunks !== undefined) {
      const rest = this.#chunks.take(bytes);
      if (rest === undefined) return undefined;
      if ('fault' in rest) return rest;
      this.#end(framing, this.#chunks.trailers, rest.length);
    } else if (framing.bodyEnd === 'close') {
      if (bytes.length > 0) this.#events.onBody(bytes);
    } else {
      const body = bytes.length > this.#left ? bytes.subarray(0, this.#left) : bytes;
      this.#left -= body.length;
      if (body.length > 0) this.#events.onBody(body);
      if (this.#left === 0) this.#end(framing, noTrailers, bytes.length - body.length);
    }
    return undefined;
  }

  /** What comes uncalled for belongs to nobody: a connection with it is not used again. */
  #end({ isKept, keptSeconds }: Framing, trailers = noTrailers, uncalledBytes = 0): void {
    this.#over = true;
    this.#events.onEnd(trailers, { isKept: isKept && uncalledBytes === 0, keptSeconds });
  }
}
