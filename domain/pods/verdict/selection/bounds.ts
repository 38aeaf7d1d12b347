import type { Finding } from '../types.ts';

/** Not printable ASCII: JSON.stringify escapes what is below, so the rest takes two or three bytes. */
const beyondAscii = /[^\u0020-\u007e]/;
const maximumFindings = 64;
/** Bytes of all findings as JSON in UTF-8; the rest of a verdict is below 200. */
const maximumBytes = 23_500;

/** Keeps findings in their order within the bounds: the last ones are shortened first, then dropped and counted. */
export function boundFindings(findings: readonly Finding[]): {
  readonly findings: readonly Finding[];
  readonly dropped: number;
} {
  const kept = findings.slice(0, maximumFindings);
  const sizes = kept.map(sizeOf);
  let total = sizes.reduce((sum, size) => sum + size, 0);
  for (const [index, finding] of [...kept.entries()].reverse()) {
    if (index === 0 || total <= maximumBytes) break;
    const short = shorten(finding);
    const size = sizeOf(short);
    total -= (sizes[index] ?? 0) - size;
    kept[index] = short;
    sizes[index] = size;
  }
  while (kept.length > 1 && total > maximumBytes) {
    kept.pop();
    total -= sizes.pop() ?? 0;
  }
  return { findings: kept, dropped: findings.length - kept.length };
}

/** The same finding without remedy and with one piece of evidence: what was seen beside the Pod, else the first. */
function shorten({ remedy: _remedy, ...finding }: Finding): Finding {
  const telling = finding.evidence.find(({ source }) => source !== 'pod') ?? finding.evidence[0];
  return { ...finding, evidence: telling === undefined ? [] : [telling] };
}

function sizeOf(finding: Finding): number {
  const text = JSON.stringify(finding);
  let bytes = text.length + 1;
  if (!beyondAscii.test(text)) return bytes;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code > 0x7f) bytes += code > 0x7ff ? 2 : 1;
  }
  return bytes;
}
