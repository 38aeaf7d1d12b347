import { createHash } from 'node:crypto';

const hashBytes = 16;

/**
 * Where a list goes on, as text for a URL: Temporal's page token behind a hash of filter and token. The hash keeps a cursor
 * from being used with another filter or with a piece missing: of a broken token Temporal says that it is unavailable.
 * It is no secret and need not be one, because the query is always made of the request's own filter.
 */
export function encodeCursor(filter: object, pageToken: Uint8Array): string {
  return Buffer.concat([cursorHash(filter, pageToken), pageToken]).toString('base64url');
}

/** The page token in a cursor; undefined when the cursor is not one, or is one of another filter. */
export function decodeCursor(filter: object, cursor: string): Uint8Array | undefined {
  const bytes = Buffer.from(cursor, 'base64url');
  // Decoding skips what is not base64url, so the text is compared.
  if (bytes.length <= hashBytes || bytes.toString('base64url') !== cursor) return undefined;
  const pageToken = bytes.subarray(hashBytes);
  return bytes.subarray(0, hashBytes).equals(cursorHash(filter, pageToken)) ? pageToken : undefined;
}

/** Equal for equal filters, whatever the order of their fields. */
function cursorHash(filter: object, pageToken: Uint8Array): Buffer {
  const fields = Object.entries(filter).filter(([, value]) => value !== undefined);
  fields.sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256').update(JSON.stringify(fields)).update(pageToken).digest().subarray(0, hashBytes);
}
