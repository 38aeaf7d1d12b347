import { isUtf8 } from 'node:buffer';

/**
 * Bytes as text: UTF-8, or UTF-16 when a byte order mark says so (PowerShell redirects write that). Undefined when they
 * are neither, or hold a NUL character: no text of Kubernetes does.
 */
export function decodeText(bytes: Uint8Array): string | undefined {
  const encoding = encodingOf(bytes);
  if (encoding === undefined) return undefined;
  const text = new TextDecoder(encoding).decode(bytes);
  return text.includes('\0') ? undefined : text;
}

function encodingOf(bytes: Uint8Array): string | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  return isUtf8(bytes) ? 'utf-8' : undefined;
}
