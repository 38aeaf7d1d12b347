/** A line longer than this breaks the stream. etcd takes objects up to 1.5 MiB; their JSON is a few times that at most. */
const defaultLineBytesLimit = 16 * 1024 * 1024;

/** One line never came to its end within the limit. */
class LineTooLongError extends Error {
  override readonly name = 'LineTooLongError';
  readonly code = 'LineTooLong';
}

const newline = 0x0a;

/**
 * Cuts a stream of bytes at newlines; lines may begin, and characters may break, anywhere in a chunk. Empty lines are
 * left out; what follows the last newline is a line of its own. Create one for each stream.
 */
export function createLineSplitter(lineBytesLimit = defaultLineBytesLimit) {
  let pending: Uint8Array[] = [];
  let pendingBytes = 0;

  const join = (last: Uint8Array): Uint8Array => {
    if (pending.length === 0) return last;
    const line = Buffer.concat([...pending, last]);
    pending = [];
    pendingBytes = 0;
    return line;
  };

  return {
    /** Lines that end in this chunk. @throws LineTooLongError once more than the limit is held */
    *push(chunk: Uint8Array): Generator<Uint8Array> {
      let start = 0;
      for (let end = chunk.indexOf(newline); end >= 0; end = chunk.indexOf(newline, start)) {
        const line = join(chunk.subarray(start, end));
        if (line.length > lineBytesLimit) throw new LineTooLongError(`a line of more than ${lineBytesLimit} bytes`);
        start = end + 1;
        if (line.length > 0) yield line;
      }
      if (start === chunk.length) return;
      pending.push(chunk.subarray(start));
      pendingBytes += chunk.length - start;
      if (pendingBytes > lineBytesLimit) throw new LineTooLongError(`a line of more than ${lineBytesLimit} bytes`);
    },
    /** What the stream ended in the middle of; nothing after a newline. */
    *end(): Generator<Uint8Array> {
      const line = join(new Uint8Array());
      if (line.length > 0) yield line;
    },
  };
}
