import { RE2JS } from 're2js';

/** Which pods a watch covers. Part of `watchPods`' input, so it is checked before it is sent and again when it arrives. */
export interface WatchScope {
  /** A DNS label; part of the run's id. */
  readonly scopeName: string;
  /** Exact namespaces; empty means the whole cluster. */
  readonly namespaces: readonly string[];
  readonly labelSelector?: string;
  /** RE2 patterns on `namespace/name`; a pod that matches one is counted and left out. */
  readonly excludePatterns: readonly string[];
}

/** `all`: every pod gets a run. */
export type PodRuns = 'all';

const dnsLabel = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;

/** Says what is wrong with a scope, one message a fault, each naming its field; empty when it is valid. */
export function scopeFaults(scope: WatchScope): string[] {
  const faults: string[] = [];
  if (!dnsLabel.test(scope.scopeName)) {
    faults.push(`scopeName "${scope.scopeName}" is not a DNS label (a–z, 0–9 and "-", at most 63 characters)`);
  }
  for (const [index, namespace] of scope.namespaces.entries()) {
    if (!dnsLabel.test(namespace)) faults.push(`namespaces[${index}] "${namespace}" is not a namespace name`);
  }
  if (new Set(scope.namespaces).size !== scope.namespaces.length) faults.push('namespaces names one namespace twice');
  for (const [index, pattern] of scope.excludePatterns.entries()) {
    try {
      RE2JS.compile(pattern);
    } catch {
      faults.push(`excludePatterns[${index}] "${pattern}" is not an RE2 pattern`);
    }
  }
  return faults;
}
