import { parseTime } from '../verdict/context/time.ts';

/** The latest of some times; undefined when there is none or one of them is not known. */
export function latest(times: readonly (string | undefined)[]): string | undefined {
  let newest: { readonly text: string; readonly ms: number } | undefined;
  for (const text of times) {
    const ms = parseTime(text);
    if (text === undefined || ms === undefined) return undefined;
    if (newest === undefined || ms > newest.ms) newest = { text, ms };
  }
  return newest?.text;
}

/** RFC 3339 without milliseconds when there are none, as the API server writes it. */
export function formatTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace('.000Z', 'Z');
}
