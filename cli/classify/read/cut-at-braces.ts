import { maxTextBytes } from './read-text.ts';
import type { Bytes } from './open-files.ts';

const newline = 0x0a;
const braces: ReadonlySet<number | undefined> = new Set([0x7b, 0x5b]);

/**
 * Cuts bytes before each line that begins with a brace, where a JSON document begins; put together, the pieces are the
 * bytes given. Throws when one grows beyond 256 MiB.
 */
export async function* cutAtBraces(chunks: Bytes): AsyncGenerator<Uint8Array, undefined> {
  let parts: Uint8Array[] = [];
  let size = 0;
  let afterNewline = false;
  for await (const chunk of chunks) {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    let start = 0;
    for (const at of lineStarts(bytes, afterNewline)) {
      if (!braces.has(bytes[at])) continue;
      yield Buffer.concat([...parts, bytes.subarray(start, at)]);
      parts = [];
      size = 0;
      start = at;
    }
    parts.push(bytes.subarray(start));
    size += bytes.length - start;
    if (size > maxTextBytes) throw new Error(`is larger than ${maxTextBytes / 1024 ** 2} MiB`);
    afterNewline = bytes.length === 0 ? afterNewline : bytes.at(-1) === newline;
  }
  if (size > 0) yield Buffer.concat(parts);
}

function* lineStarts(bytes: Uint8Array, afterNewline: boolean): Generator<number> {
  if (afterNewline && bytes.length > 0) yield 0;
  for (let at = bytes.indexOf(newline) + 1; at > 0 && at < bytes.length; at = bytes.indexOf(newline, at) + 1) yield at;
}
