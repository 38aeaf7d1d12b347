import { type Dispatcher, request } from 'undici';
import type { Metrics } from '../../metrics.ts';
import type { KubernetesConnection } from '../connection/connection.ts';
import { KubernetesError } from '../kubernetes-error.ts';
import { readJson } from './read-json.ts';
import { parseRetryAfter } from './retry-after.ts';
import { describeStatus } from './status-object.ts';

export interface ApiDependencies {
  readonly connection: KubernetesConnection;
  readonly metrics: Metrics;
}

/** One request, sent once. */
export interface ApiRequest {
  /** Kubernetes' verb, for metrics and messages: `get`, `list`, `watch`, `create`. */
  readonly verb: string;
  /** Plural, as in RBAC: `pods`. */
  readonly resource: string;
  /** From the root of the API: `/api/v1/pods`. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  /** Left out: POST with a body, else GET. */
  readonly method?: 'POST' | 'PATCH' | 'DELETE';
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Of the body; `application/json` when left out. */
  readonly contentType?: string;
  readonly agent: 'unary' | 'watch';
  readonly headersTimeoutMs: number;
  /** Longest silence within the answer's body; 0 is no limit. */
  readonly bodyTimeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

const statusBytesLimit = 256 * 1024;

/**
 * Sends one request and returns its body once the headers of a 2xx answer are in.
 * @throws KubernetesError for any other answer or none; the signal's reason once it is aborted
 */
export async function send(
  { connection, metrics }: ApiDependencies,
  call: ApiRequest,
): Promise<Dispatcher.ResponseData['body']> {
  const { verb, resource } = call;
  metrics.apiRequests.inc({ verb, resource });
  const startedAt = performance.now();
  try {
    const response = await requestOnce(connection, call);
    metrics.apiRequestSeconds.observe((performance.now() - startedAt) / 1000);
    if (response.statusCode >= 200 && response.statusCode < 300) return response.body;
    throw await errorOfAnswer(call, response);
  } catch (error) {
    call.signal?.throwIfAborted();
    const failure = error instanceof KubernetesError ? error : transportError(call, error);
    metrics.apiErrors.inc({ code: failure.code });
    throw failure;
  }
}

async function requestOnce(connection: KubernetesConnection, call: ApiRequest): Promise<Dispatcher.ResponseData> {
  const endpoint = await connection.endpoint();
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(call.query ?? {})) {
    if (value !== undefined) query.set(name, String(value));
  }
  const search = query.size === 0 ? '' : `?${query.toString()}`;
  const body = call.body === undefined ? undefined : JSON.stringify(call.body);
  return await request(`${endpoint.serverUrl}${call.path}${search}`, {
    dispatcher: endpoint[call.agent],
    method: call.method ?? (body === undefined ? 'GET' : 'POST'),
    headers: {
      accept: 'application/json',
      'user-agent': 'podkeeper',
      ...(body === undefined ? {} : { 'content-type': call.contentType ?? 'application/json' }),
      ...endpoint.headers,
    },
    headersTimeout: call.headersTimeoutMs,
    bodyTimeout: call.bodyTimeoutMs,
    ...(body === undefined ? {} : { body }),
    ...(call.signal === undefined ? {} : { signal: call.signal }),
  });
}

async function errorOfAnswer(call: ApiRequest, response: Dispatcher.ResponseData): Promise<KubernetesError> {
  const { statusCode: status, headers, body } = response;
  const answered = await readJson(body, statusBytesLimit).then(
    (parsed) => describeStatus(parsed),
    // A proxy's HTML page, or an answer cut short: the status line alone says enough.
    (error: unknown) => ({ ...describeStatus(null), detail: `no readable Status object (${messageOf(error)})` }),
  );
  const retryAfterSeconds = parseRetryAfter(headers['retry-after'], Date.now()) ?? answered.retryAfterSeconds;
  return new KubernetesError({ ...call, status, ...answered, retryAfterSeconds });
}

/** An answer that never came or was cut short. */
export function transportError(call: { readonly verb: string; readonly resource: string }, error: unknown) {
  const { verb, resource } = call;
  return new KubernetesError({
    verb,
    resource,
    status: null,
    reason: transportCode(error),
    detail: messageOf(error),
    cause: error,
  });
}

/** `ECONNREFUSED`, `UND_ERR_SOCKET`, `MalformedAnswer` …: the outermost code there is. */
function transportCode(error: unknown): string {
  if (!isErrorLike(error)) return 'Unexplained';
  if (typeof error.code === 'string') return error.code;
  return isErrorLike(error.cause) ? transportCode(error.cause) : error.name;
}

function messageOf(error: unknown): string {
  return isErrorLike(error) ? error.message : String(error);
}

interface ErrorLike {
  readonly name: string;
  readonly message: string;
  readonly code?: unknown;
  readonly cause?: unknown;
}

/** Not `instanceof Error`: errors of Node's own modules are of another realm where code runs in a vm context. */
function isErrorLike(value: unknown): value is ErrorLike {
  return typeof value === 'object' && value !== null && 'name' in value && 'message' in value;
}
