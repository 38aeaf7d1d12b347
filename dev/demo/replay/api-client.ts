/** Calls Podkeeper's HTTP API as anyone would: with fetch, JSON and a bearer token. */
export interface ApiClient {
  readonly url: string;
  get(path: string): Promise<unknown>;
  post(path: string, body: unknown, headers?: Readonly<Record<string, string>>): Promise<unknown>;
}

const timeoutMs = 20_000;

interface Request {
  readonly method?: 'POST';
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Each call throws with the problem's own words when the answer is no success. */
export function createApiClient({ url, token }: { readonly url: string; readonly token: string }): ApiClient {
  const call = async (path: string, request: Request): Promise<unknown> => {
    const answer = await fetch(new URL(path, url), {
      ...request,
      headers: { ...request.headers, authorization: `Bearer ${token}` },
      signal: AbortSignal.timeout(timeoutMs),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${request.method ?? 'GET'} ${path} was answered ${answer.status}: ${text}`);
    return JSON.parse(text);
  };
  return {
    url,
    get: (path) => call(path, {}),
    post: (path, body, headers = {}) =>
      call(path, {
        method: 'POST',
        body: JSON.stringify(body),
        headers: { ...headers, 'content-type': 'application/json' },
      }),
  };
}
