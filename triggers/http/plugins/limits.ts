/** Bounds of one request, beside those that are settings. docs/limits.md and docs/api.md name each. */
export const requestLimits = {
  bodyBytes: 1024 * 1024,
  /** Levels of arrays and objects: a deeper body would exhaust the stack of whoever walks it. */
  bodyDepth: 64,
  /** Request line and headers together. */
  headerBytes: 16 * 1024,
  headerCount: 100,
  /** Path and query string. */
  urlLength: 8192,
  /** One path parameter, decoded. Run ids stay below 500 characters. */
  parameterLength: 1024,
} as const;

export const connectionLimits = {
  /** More connections than these are refused; a slow client holds one for the time-out of a request at most. */
  connections: 1024,
  keepAliveMs: 75_000,
  /** How often node looks for requests past their time-out. */
  checkIntervalMs: 1000,
} as const;
