/** A session id is the client's own word for its session; part of URLs, never of ids, names or labels of ours. */
const idPattern = /^[A-Za-z0-9_~-][A-Za-z0-9._~-]{0,127}$/;

/** What an id must be, for error messages. */
export const sessionIdForm = '1 to 128 of A-Z a-z 0-9 . _ ~ -, not beginning with a dot';

/**
 * The session id of one segment of a URL's path, decoded once: undefined when it is not a session id. `%2e` is a dot, `%252e`
 * is not a session id.
 */
export function parseSessionId(segment: string): string | undefined {
  const id = decodeOnce(segment);
  return id !== undefined && idPattern.test(id) ? id : undefined;
}

function decodeOnce(segment: string): string | undefined {
  // A segment without an escape is the common case, and must not depend on a decoder.
  if (!segment.includes('%')) return segment;
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}
