import { KubernetesError } from '../kubernetes-error.ts';
import type { AsSent } from './as-sent.ts';
import { readJson } from './read-json.ts';
import { sendPatiently } from './send-patiently.ts';
import { type ApiDependencies, type ApiRequest, transportError } from './send.ts';

export type ApiCall = Omit<ApiRequest, 'agent' | 'headersTimeoutMs' | 'bodyTimeoutMs'>;

const answerBytesLimit = 16 * 1024 * 1024;
const timeoutMs = 30_000;

/**
 * One short call and its whole answer, read as JSON. Sent again on 429 and 503 as long as {@link sendPatiently} says, so it
 * must be safe to send twice. Throws KubernetesError, or the signal's reason once it is aborted.
 */
export async function callApi<T>(dependencies: ApiDependencies, request: ApiCall): Promise<AsSent<T>> {
  const body = await sendPatiently(dependencies, {
    ...request,
    agent: 'unary',
    headersTimeoutMs: timeoutMs,
    bodyTimeoutMs: timeoutMs,
  });
  try {
    return (await readJson(body, answerBytesLimit)) as AsSent<T>;
  } catch (error) {
    request.signal?.throwIfAborted();
    const failure = transportError(request, error);
    dependencies.metrics.apiErrors.inc({ code: failure.code });
    throw failure;
  }
}

/** Null for what is not there. */
export async function orNull<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer;
  } catch (error) {
    // The object's own 404; one of a missing API group carries no `NotFound` about the object but the same status, and
    // pods and nodes are served by every API server.
    if (error instanceof KubernetesError && error.status === 404) return null;
    throw error;
  }
}
