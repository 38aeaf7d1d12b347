import type { AnswerFault } from './answer-head.ts';
import { readHeaderLine } from './header-line.ts';

/** A size line with its extensions, which are dropped. */
const mostLineBytes = 4096;
const mostTrailerBytes = 16 * 1024;
const sizeLine = /^([0-9A-Fa-f]{1,12})[ \t]*(?:;[\t\x20-\x7e\x80-\xff]*)?$/;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/** A chunked body as it comes. https://www.rfc-editor.org/rfc/rfc9112#section-7.1 */
export class ChunkedBody {
  readonly trailers: string[] = [];
  readonly #onData: (chunk: Buffer) => void;
  #state: 'size' | 'data' | 'after' | 'trailers' = 'size';
  /** Bytes of the chunk that are still to come. */
  #left = 0;
  /** The beginning of a line. */
  #rest: Buffer | undefined;
  #trailerBytes = 0;

  constructor(onData: (chunk: Buffer) => void) {
    this.#onData = onData;
  }

  /** Takes bytes in; answers what follows the body's end, or undefined while there is more to come. */
  take(chunk: Buffer): Buffer | AnswerFault | undefined {
    const bytes = this.#rest === undefined ? chunk : Buffer.concat([this.#rest, chunk]);
    this.#rest = undefined;
    let at = 0;
    while (at < bytes.length) {
      if (this.#state === 'data') {
        const end = Math.min(bytes.length, at + this.#left);
        this.#left -= end - at;
        if (this.#left === 0) this.#state = 'after';
        this.#onData(bytes.subarray(at, end));
        at = end;
        continue;
      }
      const end = bytes.indexOf(lineFeed, at);
      if (end < 0) {
        this.#rest = bytes.subarray(at);
        return this.#rest.length > mostLineBytes ? { fault: 'a line of its chunks is too long' } : undefined;
      }
      if (end === at || bytes[end - 1] !== carriageReturn) return { fault: 'a line of its chunks ends without CR' };
      const line = bytes.toString('latin1', at, end - 1);
      at = end + 1;
      if (this.#state === 'trailers' && line === '') return bytes.subarray(at);
      const fault = this.#takeLine(line);
      if (fault !== undefined) return { fault };
    }
    return undefined;
  }

  #takeLine(line: string): string | undefined {
    if (this.#state === 'after') {
      this.#state = 'size';
      return line === '' ? undefined : 'a chunk is longer than it says';
    }
    if (this.#state === 'trailers') {
      this.#trailerBytes += line.length + 2;
      if (this.#trailerBytes > mostTrailerBytes) return 'its trailers are too long';
      return readHeaderLine(line, this.trailers) ? undefined : 'it has a line that is no trailer';
    }
    const size = sizeLine.exec(line)?.[1];
    if (size === undefined) return 'a chunk does not say how long it is';
    this.#left = Number.parseInt(size, 16);
    this.#state = this.#left === 0 ? 'trailers' : 'data';
    return undefined;
  }
}
