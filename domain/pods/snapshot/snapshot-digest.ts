import type { PodSnapshot } from './pod-snapshot.ts';

/**
 * A 64-bit hash (16 hex digits) of all a snapshot says but its `version`: equal for equal snapshots of `projectPod`,
 * in every process. For noticing that nothing changed, not for security.
 */
export function snapshotDigest(snapshot: PodSnapshot): string {
  const text = JSON.stringify({ ...snapshot, version: '' });
  // Two multiplicative lanes over UTF-16 units, then mixed crosswise so that each half depends on both.
  let low = 0xdeadbeef;
  let high = 0x41c6ce57;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    low = Math.imul(low ^ unit, 0x9e3779b1);
    high = Math.imul(high ^ unit, 0x5f356495);
  }
  const mixedLow = mix(low, high);
  const mixedHigh = mix(high, mixedLow);
  return hex(mixedHigh) + hex(mixedLow);
}

function mix(value: number, other: number): number {
  return Math.imul(value ^ (value >>> 16), 0x85ebca6b) ^ Math.imul(other ^ (other >>> 13), 0xc2b2ae35);
}

function hex(value: number): string {
  return (value >>> 0).toString(16).padStart(8, '0');
}
