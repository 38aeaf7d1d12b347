import type { Dispatcher } from 'undici';
import { request } from 'undici';
import { createConnection } from '../../platform/kubernetes/connection/connection.ts';

/** One call of the Kubernetes API, as a person with `kubectl` would make it. */
export interface KubernetesCall {
  readonly method?: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly contentType?: string;
  readonly signal?: AbortSignal;
}

export interface KubernetesApi {
  /** Calls and returns the parsed answer. Throws ApiRefusal for any status that is not 2xx. */
  readonly call: (input: KubernetesCall) => Promise<unknown>;
  /** Opens a stream (a watch); ends when the server ends it, throws when it breaks or the signal is aborted. */
  readonly stream: (input: KubernetesCall) => Promise<AsyncIterable<Uint8Array>>;
  readonly close: () => Promise<void>;
}

/** The API server said no. */
export class ApiRefusal extends Error {
  override readonly name = 'ApiRefusal';
  readonly status: number;
  constructor(call: KubernetesCall, status: number, answer: string) {
    super(`${call.method ?? 'GET'} ${call.path} was refused with ${status}: ${messageOf(answer)}`);
    this.status = status;
  }
}

const timeoutMs = 30_000;

/** Calls the API server of a kubeconfig with no retries: a demo or a recording must not hide what it had to try twice. */
export async function createKubernetesApi(kubeconfigPath: string): Promise<KubernetesApi> {
  const connection = await createConnection({ kubeconfigPath });

  async function send(input: KubernetesCall, agent: 'unary' | 'watch'): Promise<Dispatcher.ResponseData['body']> {
    const endpoint = await connection.endpoint();
    const query = input.query === undefined ? '' : `?${new URLSearchParams(input.query).toString()}`;
    const { statusCode, body } = await request(`${endpoint.serverUrl}${input.path}${query}`, {
      dispatcher: endpoint[agent],
      method: input.method ?? 'GET',
      headers: {
        accept: 'application/json',
        ...endpoint.headers,
        ...(input.body === undefined ? {} : { 'content-type': input.contentType ?? 'application/json' }),
      },
      body: input.body === undefined ? null : JSON.stringify(input.body),
      headersTimeout: timeoutMs,
      bodyTimeout: agent === 'watch' ? 0 : timeoutMs,
      ...(input.signal === undefined ? {} : { signal: input.signal }),
    });
    if (statusCode < 200 || statusCode > 299) throw new ApiRefusal(input, statusCode, await body.text());
    return body;
  }

  return {
    call: async (input) => (await send(input, 'unary')).json(),
    stream: async (input) => (await send(input, 'watch')) as AsyncIterable<Uint8Array>,
    close: () => connection.close(),
  };
}

function messageOf(answer: string): string {
  try {
    const { message } = JSON.parse(answer) as { message?: unknown };
    return typeof message === 'string' ? message : answer;
  } catch {
    // A proxy's page or an empty body: said as it came.
    return answer;
  }
}
