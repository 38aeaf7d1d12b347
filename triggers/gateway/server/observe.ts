import type { FailureCode } from '../../../domain/failures.ts';
import type { Logger } from '../../../platform/logger.ts';
import type { Metrics } from '../../../platform/metrics.ts';
import type { Problem } from '../../http/problems/problem.ts';

/** Counts answers and says what went wrong. Sessions, callers and addresses are in neither. */
export interface Observe {
  /** An answer of the gateway's own; those of pods are the proxy's to count. */
  answered(status: number, receivedAtMs: number): void;
  /** `receivedAtMs` is left out for what never was a request. */
  refused(problem: Problem, from?: { readonly receivedAtMs: number; readonly requestId: string }): void;
  notARequest(code: FailureCode): void;
}

export interface ObserveOptions {
  readonly metrics: Pick<Metrics, 'sessionRequestSeconds' | 'sessionRejections'>;
  readonly logger: Logger;
}

export function createObserve({ metrics, logger }: ObserveOptions): Observe {
  // Looking a label up costs more than observing it.
  const byCode = new Map<string, ReturnType<Metrics['sessionRequestSeconds']['labels']>>();
  const observe = (code: string, receivedAtMs: number): void => {
    let seconds = byCode.get(code);
    if (seconds === undefined) byCode.set(code, (seconds = metrics.sessionRequestSeconds.labels({ code })));
    seconds.observe((performance.now() - receivedAtMs) / 1000);
  };
  return {
    answered: (status, receivedAtMs) => observe(String(status), receivedAtMs),
    refused(problem, from) {
      const { code, status, cause } = problem;
      metrics.sessionRejections.inc({ code });
      if (from === undefined) return;
      observe(code, from.receivedAtMs);
      // Messages of other failures can name sessions; a bug must be found.
      if (code === 'internal_error')
        logger.error({ requestId: from.requestId, err: cause ?? problem }, 'request failed');
      else if (status >= 500)
        logger.warn(
          { requestId: from.requestId, code, cause: cause instanceof Error ? cause.name : undefined },
          'request refused',
        );
    },
    notARequest: (code) => metrics.sessionRejections.inc({ code }),
  };
}
