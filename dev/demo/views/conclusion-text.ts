import type { Conclusion } from './view.ts';

/** The checks as a list a person can read, the failed ones last where the eye is. */
export function conclusionText({ ok, checks, seconds }: Conclusion): string {
  const sorted = [...checks.filter((check) => check.ok), ...checks.filter((check) => !check.ok)];
  const failed = checks.filter((check) => !check.ok).length;
  const line = ok
    ? `Everything that was caused was seen, and nothing else (${seconds.toFixed(0)} s).`
    : `${failed} of ${checks.length} checks failed after ${seconds.toFixed(0)} s.`;
  return [...sorted.map((check) => `  ${check.ok ? '✓' : '✗'} ${check.what}`), line].join('\n');
}
