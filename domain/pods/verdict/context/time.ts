const rfc3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/;

/**
 * Milliseconds since the epoch, or undefined when absent or not RFC 3339 (other forms depend on the local time zone).
 * Go's zero time and the runtimes' 1970-01-01 (StartError) mean "not known" and give undefined too.
 */
export function parseTime(text: string | undefined): number | undefined {
  if (text === undefined || !rfc3339.test(text)) return undefined;
  const milliseconds = Date.parse(text);
  return milliseconds > 0 ? milliseconds : undefined;
}

/** Whole seconds as people say them: `45 s`, `12 min`, `5 h`, `3 d`. */
export function sayDuration(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  if (seconds < 172_800) return `${Math.round(seconds / 3600)} h`;
  return `${Math.round(seconds / 86_400)} d`;
}
