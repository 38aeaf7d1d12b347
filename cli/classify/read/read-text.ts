import { decodeText } from '../parse/decode-text.ts';
import type { Fault } from './fault.ts';
import { type OpenedFile, unreadable } from './open-files.ts';

export interface TextSource {
  readonly source: string;
  readonly text: string;
}

const mebibyte = 1024 * 1024;
/** A JavaScript string holds 512 Mi characters; a list of 20,000 pods takes about 200 MiB. */
export const maxTextBytes = 256 * mebibyte;

/** A file as one text, up to 256 MiB. */
export async function readText({ source, chunks }: OpenedFile): Promise<TextSource | Fault> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const chunk of chunks) {
      const part = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
      bytes += part.length;
      if (bytes > maxTextBytes) return { source, message: `is larger than ${maxTextBytes / mebibyte} MiB` };
      parts.push(part);
    }
  } catch (error) {
    return { source, message: unreadable(error) };
  }
  const text = decodeText(Buffer.concat(parts));
  return text === undefined ? { source, message: notText } : { source, text };
}

export const notText = 'is not text (UTF-8, or UTF-16 with a byte order mark)';
