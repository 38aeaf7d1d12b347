/** The answer is longer than the caller is ready to hold. */
class AnswerTooLargeError extends Error {
  override readonly name = 'AnswerTooLargeError';
  readonly code = 'AnswerTooLarge';
}

/** The answer is whole but is not JSON in UTF-8. */
export class MalformedAnswerError extends Error {
  override readonly name = 'MalformedAnswerError';
  readonly code = 'MalformedAnswer';
}

/**
 * Reads a whole body as JSON.
 * @throws AnswerTooLargeError beyond `limitBytes` (the rest is not read), MalformedAnswerError, or the stream's error
 */
export async function readJson(body: AsyncIterable<unknown>, limitBytes: number): Promise<unknown> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    const bytes = chunk as Uint8Array;
    size += bytes.length;
    if (size > limitBytes) throw new AnswerTooLargeError(`more than ${limitBytes} bytes`);
    chunks.push(bytes);
  }
  return parseJsonBytes(Buffer.concat(chunks, size));
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** @throws MalformedAnswerError naming the fault, never the content (it may be secret) */
export function parseJsonBytes(bytes: Uint8Array): unknown {
  let text: string;
  try {
    text = utf8.decode(bytes);
  } catch (error) {
    throw new MalformedAnswerError(`${bytes.length} bytes that are not UTF-8`, { cause: error });
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new MalformedAnswerError(`${bytes.length} bytes that are not JSON`, { cause: error });
  }
}
