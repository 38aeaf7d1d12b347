import { open } from 'node:fs/promises';

/** The text of a file can't be had; the message says why, not which file. */
export class TextFileError extends Error {
  override readonly name = 'TextFileError';
}

/** The text of a file of at most so many bytes. Throws TextFileError when there is no such file, it is too big, or it is not UTF-8. */
export async function readTextFile(path: string, limitBytes: number): Promise<string> {
  const buffer = new Uint8Array(limitBytes + 1);
  let length = 0;
  try {
    await using file = await open(path);
    for (let read = 1; read > 0 && length < buffer.length; length += read) {
      read = (await file.read(buffer, length, buffer.length - length)).bytesRead;
    }
  } catch (error) {
    throw new TextFileError(openMessage(error), { cause: error });
  }
  if (length > limitBytes) throw new TextFileError(`the file has more than ${limitBytes / 1024} KiB`);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(buffer.subarray(0, length));
  } catch (error) {
    throw new TextFileError('the file is not UTF-8 text', { cause: error });
  }
}

/** Why a file could not be opened, in plain words. */
function openMessage(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return 'there is no such file';
  if (code === 'EISDIR') return 'it is a folder, not a file';
  if (code === 'EACCES') return 'this process may not read it';
  return message;
}
