import type { Finding, Verdict } from './types.ts';

/** The finding that the verdict's primary cause names: the first one, or none. */
export function primaryFinding({ primary, findings }: Verdict): Finding | undefined {
  return primary === null ? undefined : findings.find(({ cause }) => cause === primary);
}
