import type { Metrics } from '../../metrics.ts';

/** The last byte of each live stream that reports to one set of metrics: the gauge shows the oldest. */
const streams = new WeakMap<Metrics, Set<() => number>>();
const refreshMs = 1000;

/** Keeps `k8s_watch_stream_age_seconds` current, once a second. Returns what ends it. */
export function trackStreamAge(metrics: Metrics, lastByteAtMs: () => number): () => void {
  const live = streams.get(metrics) ?? new Set();
  streams.set(metrics, live);
  live.add(lastByteAtMs);
  const refresh = () => {
    const oldestMs = Math.min(...[...live].map((last) => last()));
    metrics.watchStreamAge.set(live.size === 0 ? 0 : Math.max(0, (Date.now() - oldestMs) / 1000));
  };
  const timer = setInterval(refresh, refreshMs);
  timer.unref();
  return () => {
    clearInterval(timer);
    live.delete(lastByteAtMs);
    refresh();
  };
}
