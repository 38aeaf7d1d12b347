import { STATUS_CODES } from 'node:http';
import type { Metrics } from '../../../platform/metrics.ts';
import type { SessionExchange } from '../session/session-exchange.ts';

/** Puts an answered request into the metric, by status or by why it was cut. */
export type ObserveAnswer = (code: number | string, exchange: Pick<SessionExchange, 'receivedAtMs'>) => void;

export function createObserveAnswer({ sessionRequestSeconds }: Metrics): ObserveAnswer {
  // Finding a child by its labels costs more than all else here.
  const children = new Map<number | string, ReturnType<typeof sessionRequestSeconds.labels>>();
  return (code, { receivedAtMs }) => {
    let child = children.get(code);
    if (child === undefined) {
      // Pods answer what they like; a metric for each number would be too many.
      const isKnown = typeof code === 'string' || STATUS_CODES[code] !== undefined;
      child = sessionRequestSeconds.labels(isKnown ? String(code) : 'other');
      children.set(code, child);
    }
    child.observe((performance.now() - receivedAtMs) / 1000);
  };
}
