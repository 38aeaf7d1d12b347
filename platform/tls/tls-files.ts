import { X509Certificate, createPrivateKey, hash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createSecureContext } from 'node:tls';
import { ConfigError } from '../config/config-error.ts';
import type { Logger } from '../logger.ts';
import type { Metrics } from '../metrics.ts';

/** A certificate chain and its private key, both PEM. */
export interface TlsPair {
  readonly cert: string;
  readonly key: string;
}

export interface TlsFiles {
  /** The pair in force. */
  current(): TlsPair;
  /** Called with each new pair that was found good. */
  onChange(listener: (pair: TlsPair) => void): void;
  close(): void;
}

export interface TlsFilesOptions {
  readonly certPath: string;
  readonly keyPath: string;
  readonly logger: Logger;
  readonly metrics: Pick<Metrics, 'tlsReloads'>;
  readonly pollMs?: number;
}

const dayMs = 86_400_000;
const warnDays = 7;

/**
 * Reads a certificate and its key, and both again every ten seconds: their content is compared, so a mounted Secret, which
 * swaps a symbolic link, is seen too. A pair that does not fit (half-written, one file new and one old) leaves the one in
 * force. Throws a ConfigError when the first pair is not good.
 */
export async function createTlsFiles(options: TlsFilesOptions): Promise<TlsFiles> {
  const { certPath, keyPath, logger, metrics, pollMs = 10_000 } = options;
  const listeners: ((pair: TlsPair) => void)[] = [];
  for (const result of ['loaded', 'failed']) metrics.tlsReloads.inc({ result }, 0);
  let pair = await read(options).catch((error: unknown) => {
    throw configError(options, reasonOf(error));
  });
  const fault = pairFault(pair);
  if (fault !== undefined) throw configError(options, fault);
  /** What was looked at last, good or not: one bad pair is one line of log. */
  let seen = fingerprint(pair);
  let warnedAtMs = warnOfExpiry(pair, options, -Infinity);

  const look = async (): Promise<void> => {
    let reason: string | undefined;
    try {
      const next = await read(options);
      const id = fingerprint(next);
      if (id === seen) return;
      seen = id;
      reason = pairFault(next);
      if (reason === undefined) {
        pair = next;
        for (const listener of listeners) listener(pair);
        metrics.tlsReloads.inc({ result: 'loaded' });
        logger.info({ certPath, until: new X509Certificate(pair.cert).validTo }, 'read a changed certificate');
        warnedAtMs = -Infinity;
        return;
      }
    } catch (error) {
      reason = reasonOf(error);
      if (seen === reason) return;
      seen = reason;
    }
    metrics.tlsReloads.inc({ result: 'failed' });
    logger.error({ certPath, keyPath, reason }, 'the changed certificate is not good; the one before stays in force');
  };
  let closed = false;
  let timer: NodeJS.Timeout | undefined;
  const again = (): void => {
    timer = setTimeout(() => {
      void look().finally(() => {
        warnedAtMs = warnOfExpiry(pair, options, warnedAtMs);
        if (!closed) again();
      });
    }, pollMs).unref();
  };
  again();
  return {
    current: () => pair,
    onChange: (listener) => void listeners.push(listener),
    close: () => {
      closed = true;
      clearTimeout(timer);
    },
  };
}

async function read({ certPath, keyPath }: Pick<TlsFilesOptions, 'certPath' | 'keyPath'>): Promise<TlsPair> {
  const [cert, key] = await Promise.all([readFile(certPath, 'utf8'), readFile(keyPath, 'utf8')]);
  return { cert, key };
}

/** Why a pair can't be served; never shows any of it. */
function pairFault({ cert, key }: TlsPair): string | undefined {
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(cert);
  } catch {
    return 'the first file holds no certificate (PEM)';
  }
  try {
    if (!certificate.checkPrivateKey(createPrivateKey(key))) return 'the key is not that of the certificate';
  } catch {
    return 'the second file holds no private key (PEM, without a passphrase)';
  }
  try {
    createSecureContext({ cert, key, minVersion: 'TLSv1.2' });
    return undefined;
  } catch (error) {
    return `they can't be served: ${reasonOf(error)}`;
  }
}

/** Says so once a day. Answers when it was said last. */
function warnOfExpiry({ cert }: TlsPair, { certPath, logger }: TlsFilesOptions, warnedAtMs: number): number {
  const nowMs = Date.now();
  const { validTo } = new X509Certificate(cert);
  const leftMs = Date.parse(validTo) - nowMs;
  if (leftMs > warnDays * dayMs || nowMs - warnedAtMs < dayMs) return warnedAtMs;
  const message = leftMs > 0 ? 'the certificate expires soon' : 'the certificate has expired: clients refuse it';
  logger.warn({ certPath, until: validTo, daysLeft: Math.floor(leftMs / dayMs) }, message);
  return nowMs;
}

function configError({ certPath, keyPath }: TlsFilesOptions, reason: string): ConfigError {
  const message = `TLS_CERT_PATH, TLS_KEY_PATH: ${reason} (${certPath}, ${keyPath}). Give a certificate chain and its private key.`;
  return new ConfigError([{ variable: 'TLS_CERT_PATH', message }]);
}

function fingerprint({ cert, key }: TlsPair): string {
  return hash('sha256', `${cert}\0${key}`, 'hex');
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
