import type { KubernetesError } from '../../kubernetes-error.ts';

/**
 * How an open stream can break. `reset`: the transport; `inactive`: no byte within the limit; `error-event`: the server
 * said so in the stream; `malformed`: it sent what is no watch event; `short`: it ended the stream at once.
 */
export type StreamFaultKind = 'reset' | 'inactive' | 'error-event' | 'malformed' | 'short';

/** An open watch stream broke. What it delivered before counts. */
export class StreamFault extends Error {
  override readonly name = 'StreamFault';
  readonly kind: StreamFaultKind;
  readonly error: KubernetesError;

  constructor(kind: StreamFaultKind, error: KubernetesError) {
    super(`${kind}: ${error.message}`, { cause: error });
    this.kind = kind;
    this.error = error;
  }
}
