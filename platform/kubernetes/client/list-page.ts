import { MalformedAnswerError, readJson } from './read-json.ts';
import { type ApiDependencies, send, transportError } from './send.ts';

export interface ListPageRequest {
  readonly path: string;
  readonly resource: string;
  readonly limit: number;
  readonly continueToken?: string | undefined;
  readonly fieldSelector?: string | undefined;
  readonly labelSelector?: string | undefined;
  /** A longer page is refused; 128 MiB when left out. */
  readonly pageBytesLimit?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface ListPage {
  /** Items as sent; nothing about them was checked. */
  readonly items: readonly unknown[];
  /** The version of the whole list: the same on each of its pages. */
  readonly version: string;
  /** Absent on the last page. */
  readonly continueToken?: string;
}

/** A page of 500 ordinary pods has 3 to 10 MB. */
const defaultPageBytesLimit = 128 * 1024 * 1024;
const silenceLimitMs = 60_000;

/**
 * Reads one page of a list. A first page (no `continueToken`) is asked for without a resourceVersion: the server answers
 * with a consistent read, so its version is never older than anything seen before
 * (https://kubernetes.io/docs/reference/using-api/api-concepts/#semantics-for-get-and-list).
 * @throws KubernetesError; reason `AnswerTooLarge` when a smaller `limit` may help, status 410 for an expired token
 */
export async function listPage(dependencies: ApiDependencies, page: ListPageRequest): Promise<ListPage> {
  const { path, resource, limit, continueToken, fieldSelector, labelSelector, signal } = page;
  const limitBytes = page.pageBytesLimit ?? defaultPageBytesLimit;
  const call = { verb: 'list', resource };
  const body = await send(dependencies, {
    ...call,
    path,
    query: { limit, continue: continueToken, fieldSelector, labelSelector },
    agent: 'unary',
    headersTimeoutMs: silenceLimitMs,
    bodyTimeoutMs: silenceLimitMs,
    signal,
  });
  try {
    return pageOf(await readJson(body, limitBytes));
  } catch (error) {
    signal?.throwIfAborted();
    const failure = transportError(call, error);
    dependencies.metrics.apiErrors.inc({ code: failure.code });
    throw failure;
  }
}

function pageOf(parsed: unknown): ListPage {
  const { items, metadata } = (parsed ?? {}) as { items?: unknown; metadata?: Record<string, unknown> | null };
  const version = metadata?.['resourceVersion'];
  // Go writes an empty slice as null in some lists.
  const list = items ?? [];
  if (typeof version !== 'string' || version === '' || !Array.isArray(list)) {
    throw new MalformedAnswerError('the answer is JSON but not a list');
  }
  const token = metadata?.['continue'];
  return { items: list, version, ...(typeof token === 'string' && token !== '' ? { continueToken: token } : {}) };
}
