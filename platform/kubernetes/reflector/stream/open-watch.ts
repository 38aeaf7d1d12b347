import { type ApiDependencies, send, transportError } from '../../client/send.ts';
import { KubernetesError } from '../../kubernetes-error.ts';
import { createLineSplitter } from './split-lines.ts';
import { StreamFault } from './stream-fault.ts';
import { type WatchMessage, parseWatchMessage } from './watch-message.ts';

export interface WatchRequest {
  readonly path: string;
  readonly resource: string;
  readonly version: string;
  readonly fieldSelector?: string | undefined;
  readonly labelSelector?: string | undefined;
  /** After this the server ends the stream. */
  readonly timeoutSeconds: number;
  /** A stream without a byte for this long counts as dead. */
  readonly inactivityMs: number;
  readonly lineBytesLimit?: number | undefined;
  readonly signal: AbortSignal;
  /** Told of every chunk, when it was read. */
  readonly onBytes: () => void;
}

/**
 * Opens a watch; returns once the server has accepted it. The messages must be iterated (or returned from), or the
 * connection stays. Reading follows the iteration: nothing is read ahead but what the socket's buffers hold, and the
 * inactivity limit counts only while something is waited for. Ends when the server ends the stream.
 * @throws KubernetesError when it is refused; StreamFault while iterating; the signal's reason once it is aborted
 */
export async function openWatch(
  dependencies: ApiDependencies,
  request: WatchRequest,
): Promise<AsyncGenerator<WatchMessage>> {
  const { path, resource, version, fieldSelector, labelSelector, timeoutSeconds, inactivityMs, signal } = request;
  const body = await send(dependencies, {
    verb: 'watch',
    resource,
    path,
    query: {
      watch: 'true',
      resourceVersion: version,
      allowWatchBookmarks: 'true',
      timeoutSeconds,
      fieldSelector,
      labelSelector,
    },
    agent: 'watch',
    headersTimeoutMs: inactivityMs,
    // Off: the inactivity limit is kept here, because undici's would also count the time the consumer takes.
    bodyTimeoutMs: 0,
    signal,
  });
  request.onBytes();
  return readMessages(dependencies, request, body);
}

type Body = AsyncIterable<unknown> & { destroy(error?: Error): unknown };

async function* readMessages(
  { metrics }: ApiDependencies,
  { resource, inactivityMs, lineBytesLimit, signal, onBytes }: WatchRequest,
  body: Body,
): AsyncGenerator<WatchMessage> {
  const splitter = createLineSplitter(lineBytesLimit);
  const parse = (line: Uint8Array) => {
    const message = parseWatchMessage(line, resource);
    metrics.watchEvents.inc({ type: message.type });
    return message;
  };
  try {
    for await (const chunk of chunksWithin(body, inactivityMs)) {
      onBytes();
      for (const line of splitter.push(chunk)) yield parse(line);
    }
    for (const line of splitter.end()) yield parse(line);
  } catch (error) {
    signal.throwIfAborted();
    const fault = faultOf(error, resource);
    metrics.apiErrors.inc({ code: fault.error.code });
    if (fault.kind === 'error-event') metrics.watchEvents.inc({ type: 'ERROR' });
    throw fault;
  }
}

/** Reads chunk by chunk and gives up on a stream that is silent for too long while a chunk is waited for. */
async function* chunksWithin(body: Body, inactivityMs: number): AsyncGenerator<Uint8Array> {
  const watchdog = () => setTimeout(() => body.destroy(new InactiveError(inactivityMs)), inactivityMs);
  let timer = watchdog();
  try {
    for await (const chunk of body) {
      clearTimeout(timer);
      yield chunk as Uint8Array;
      timer = watchdog();
    }
  } finally {
    clearTimeout(timer);
  }
}

class InactiveError extends Error {
  override readonly name = 'InactiveError';
  readonly code = 'Inactive';
  constructor(inactivityMs: number) {
    super(`no byte for ${inactivityMs} ms`);
  }
}

const malformedCodes: readonly string[] = ['MalformedAnswer', 'LineTooLong'];

function faultOf(error: unknown, resource: string): StreamFault {
  if (error instanceof StreamFault) return error;
  const failure = error instanceof KubernetesError ? error : transportError({ verb: 'watch', resource }, error);
  if (error instanceof InactiveError) return new StreamFault('inactive', failure);
  return new StreamFault(malformedCodes.includes(failure.reason) ? 'malformed' : 'reset', failure);
}
