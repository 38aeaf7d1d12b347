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
/** The client's word on who it is; ours takes its place. */
const untrusted: ReadonlySet<string> = new Set(['forwarded', 'via', 'x-real-ip']);
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
  const dropped = connectionNames(raw);
  const kept: string[] = [];
  let host = '';
  for (const [name, value] of pairs(raw)) {
    const lower = name.toLowerCase();
    if (lower === 'host') host = value;
    if (hopByHop.has(lower) || dropped.has(lower) || untrusted.has(lower)) continue;
    if (lower === 'authorization' || lower === 'expect' || lower.startsWith(ours) || lower.startsWith(forwardedPrefix))
      continue;
    kept.push(name, value);
  }
  kept.push('X-Forwarded-For', by.clientAddress, 'X-Forwarded-Proto', by.protocol);
  if (host !== '') kept.push('X-Forwarded-Host', host);
  kept.push('X-Request-Id', by.requestId);
  return withoutEarlier(kept, 'x-request-id');
}

/** The headers of a pod's answer that its client may see; ours are added by the caller. */
export function headersForClient(raw: RawHeaders): string[] {
  const dropped = connectionNames(raw);
  const kept: string[] = [];
  for (const [name, value] of pairs(raw)) {
    const lower = name.toLowerCase();
    if (hopByHop.has(lower) || dropped.has(lower) || lower.startsWith(ours)) continue;
    kept.push(name, value);
  }
  return kept;
}

/** Content-Length and Host are never hop-by-hop, whatever a sender says: without them a message would mean another. */
const endToEnd: ReadonlySet<string> = new Set(['content-length', 'host', 'content-type', 'content-encoding']);

function connectionNames(raw: RawHeaders): ReadonlySet<string> {
  const names = new Set<string>();
  for (const [name, value] of pairs(raw)) {
    if (name.toLowerCase() !== 'connection') continue;
    for (const named of value.split(',')) names.add(named.trim().toLowerCase());
  }
  for (const name of endToEnd) names.delete(name);
  return names;
}

function* pairs(raw: RawHeaders): Generator<readonly [name: string, value: string]> {
  for (let index = 0; index + 1 < raw.length; index += 2) yield [raw[index] ?? '', raw[index + 1] ?? ''];
}

/** Keeps the last one of a name. */
function withoutEarlier(raw: string[], name: string): string[] {
  const last = raw.findLastIndex((text, index) => index % 2 === 0 && text.toLowerCase() === name);
  return raw.filter((_text, index) => {
    const nameAt = index - (index % 2);
    return nameAt === last || raw[nameAt]?.toLowerCase() !== name;
  });
}
