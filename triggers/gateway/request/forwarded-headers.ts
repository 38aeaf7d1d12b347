/** Headers as they came: name, value, name, value … */
export type RawHeaders = readonly string[];

/** https://www.rfc-editor.org/rfc/rfc9110#section-7.6.1, and what older software puts there. */
const hopByHop: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);
/** Beside those: a token, what is answered by us, and the client's word on who it is, which ours takes the place of. */
const notForPods: ReadonlySet<string> = new Set([
  ...hopByHop,
  'authorization',
  'expect',
  'forwarded',
  'via',
  'x-real-ip',
  'x-request-id',
]);
const ours = 'x-podkeeper-';
const forwardedPrefix = 'x-forwarded-';

export interface ForwardedBy {
  readonly clientAddress: string;
  readonly protocol: 'http' | 'https';
  readonly requestId: string;
}

/**
 * The headers of a client's request that its pod may see, and ours. Hop-by-hop headers and all that `Connection` names are
 * gone before ours are added, so nobody can name ours away; a token never reaches a pod.
 */
export function headersForPod(raw: RawHeaders, by: ForwardedBy): string[] {
  const kept: string[] = [];
  const named = connectionNames(raw);
  let host = '';
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const name = raw[index] ?? '';
    const value = raw[index + 1] ?? '';
    const lower = name.toLowerCase();
    if (lower === 'host') host = value;
    if (isNotForPods(lower) || named?.has(lower) === true) continue;
    // For much software (CGI, WSGI, Rack) X_Forwarded_For is X-Forwarded-For.
    if (lower.includes('_') && isNotForPods(lower.replaceAll('_', '-'))) continue;
    kept.push(name, value);
  }
  kept.push('X-Forwarded-For', by.clientAddress, 'X-Forwarded-Proto', by.protocol);
  if (host !== '') kept.push('X-Forwarded-Host', host);
  kept.push('X-Request-Id', by.requestId);
  return kept;
}

function isNotForPods(lower: string): boolean {
  return notForPods.has(lower) || lower.startsWith(ours) || lower.startsWith(forwardedPrefix);
}

/**
 * The headers of a pod's answer that its client may see; ours are added by the caller. `without`: further ones to leave
 * out, in lower case.
 */
export function headersForClient(raw: RawHeaders, without: ReadonlySet<string> = nothing): string[] {
  const kept: string[] = [];
  const named = connectionNames(raw);
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const name = raw[index] ?? '';
    const lower = name.toLowerCase();
    if (hopByHop.has(lower) || without.has(lower) || lower.startsWith(ours) || named?.has(lower) === true) continue;
    kept.push(name, raw[index + 1] ?? '');
  }
  return kept;
}

const nothing: ReadonlySet<string> = new Set();
/** Content-Length and Host are never hop-by-hop, whatever a sender says: without them a message would mean another. */
const endToEnd: ReadonlySet<string> = new Set(['content-length', 'host', 'content-type', 'content-encoding']);
/** What nearly every `Connection` says; neither is the name of a header that could come through. */
const plainConnections: ReadonlySet<string> = new Set(['keep-alive', 'close']);

/** Undefined when there is nothing beside the usual. */
function connectionNames(raw: RawHeaders): ReadonlySet<string> | undefined {
  let names: Set<string> | undefined;
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const name = raw[index] ?? '';
    // Ten letters: the length rules out nearly all others without a copy in lower case.
    if (name.length !== 10 || name.toLowerCase() !== 'connection') continue;
    const value = (raw[index + 1] ?? '').toLowerCase();
    if (plainConnections.has(value)) continue;
    names ??= new Set();
    for (const named of value.split(',')) names.add(named.trim());
  }
  if (names !== undefined) for (const name of endToEnd) names.delete(name);
  return names;
}
