import type { KubernetesError } from '../../kubernetes-error.ts';
import { StreamFault } from '../stream/stream-fault.ts';

/**
 * What to do about a failure. `relist`: the server no longer has our history. `reload-credentials`: it no longer knows
 * us. `smaller-pages`: an answer was too big to hold. `slow`: somebody has to change something. `retry`: it may pass.
 */
export type Recovery = 'relist' | 'reload-credentials' | 'smaller-pages' | 'slow' | 'retry';

/**
 * Every status the API server can answer a list or a watch with, decided on purpose; any other 4xx is `slow`, all else
 * `retry` (https://kubernetes.io/docs/reference/using-api/api-concepts/, 410 under "Efficient detection of changes").
 */
const byStatus: Readonly<Record<number, Recovery>> = {
  400: 'slow', // a selector or version the server can't read
  401: 'reload-credentials',
  403: 'slow', // a permission is missing
  404: 'slow', // the resource is not served (yet)
  406: 'slow',
  408: 'retry',
  410: 'relist',
  409: 'retry',
  429: 'retry', // priority and fairness; Retry-After is kept by the back-off
  500: 'retry',
  502: 'retry',
  503: 'retry',
  504: 'retry', // also "Too large resource version": the server is behind, or its versions went back
};

/** Decides on a failed request, or a broken stream's error. */
export function planRecovery(failure: KubernetesError | StreamFault): Recovery {
  const error = failure instanceof StreamFault ? failure.error : failure;
  if (error.status === null) return error.reason === 'AnswerTooLarge' ? 'smaller-pages' : 'retry';
  const planned = byStatus[error.status];
  if (planned !== undefined) return planned;
  return error.status >= 400 && error.status < 500 ? 'slow' : 'retry';
}
