import { errors, type JWTVerifyGetKey } from 'jose';
import { request } from 'undici';
import type { Logger } from '../../logger.ts';
import type { KeySource } from './key-source.ts';
import { maxKeySetBytes, parseKeySet } from './parse-key-set.ts';

export interface RemoteKeysOptions {
  readonly url: string;
  readonly logger: Logger;
  readonly times?: Partial<RemoteKeysTimes>;
}

/** Milliseconds. */
interface RemoteKeysTimes {
  readonly fetchTimeout: number;
  /** From one good fetch to the next. */
  readonly refresh: number;
  /** From a failed fetch to the next one while older keys serve. */
  readonly retry: number;
  /** The same while there are no keys at all. */
  readonly firstRetry: number;
  /** A token with an unknown key id makes for one fetch in this time: anyone can send such tokens. */
  readonly unknownKey: number;
  /** How long keys serve without a good fetch. */
  readonly keep: number;
}

const defaultTimes: RemoteKeysTimes = {
  fetchTimeout: 5000,
  refresh: 600_000,
  retry: 30_000,
  firstRetry: 5000,
  unknownKey: 30_000,
  keep: 86_400_000,
};

/** Keys from an address. Fetches them in the background from now on; requests wait only for keys not seen before. */
export function createRemoteKeys({ url, logger, times: given = {} }: RemoteKeysOptions): KeySource {
  const times = { ...defaultTimes, ...given };
  let keys: { readonly find: JWTVerifyGetKey; readonly atMs: number } | undefined;
  let triedAtMs = -Infinity;
  let fetching: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let closed = false;

  const fetchOnce = async (): Promise<void> => {
    clearTimeout(timer);
    triedAtMs = performance.now();
    let delayMs = times.refresh;
    try {
      keys = { find: parseKeySet(await download(url, times.fetchTimeout)), atMs: performance.now() };
    } catch (error) {
      delayMs = keys === undefined ? times.firstRetry : times.retry;
      logger.error(
        { err: error, url, nextFetchMs: delayMs },
        'the keys that tokens are checked with could not be fetched',
      );
    }
    fetching = undefined;
    if (!closed) timer = setTimeout(() => void refresh(), delayMs).unref();
  };
  const refresh = (): Promise<void> => (fetching ??= fetchOnce());
  const current = () => (keys !== undefined && performance.now() - keys.atMs <= times.keep ? keys : undefined);

  void refresh();
  return {
    findKey: async (header, token) => {
      // Only the first fetch is waited for: with the keys' server down, requests must not queue up behind time-outs.
      if (keys === undefined && fetching !== undefined) await fetching;
      const known = current();
      if (known === undefined) throw new errors.JWKSNoMatchingKey();
      try {
        return await known.find(header, token);
      } catch (error) {
        if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
        if (fetching === undefined && performance.now() - triedAtMs < times.unknownKey) throw error;
      }
      await refresh();
      return await (current() ?? known).find(header, token);
    },
    problem: () => (current() === undefined ? 'the keys that tokens are checked with could not be fetched' : undefined),
    close: () => {
      closed = true;
      clearTimeout(timer);
    },
  };
}

/** Follows no redirect: the address that was configured is the one that is trusted. */
async function download(url: string, timeoutMs: number): Promise<string> {
  const signal = AbortSignal.timeout(timeoutMs);
  const { statusCode, body } = await request(url, { signal, headers: { accept: 'application/json' } });
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxKeySetBytes) throw new Error(`the answer has more than ${maxKeySetBytes} bytes`);
    chunks.push(chunk);
  }
  if (statusCode !== 200) throw new Error(`the answer has status ${statusCode}`);
  return Buffer.concat(chunks).toString('utf8');
}
