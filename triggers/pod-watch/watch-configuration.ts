import { createHash } from 'node:crypto';
import type { Config } from '../../platform/config.ts';
import type { WatchConfiguration } from '../../workflows/watch-pods.messages.ts';

/** The watch a process' configuration asks for. */
export function watchConfiguration({ watch, pods }: Pick<Config, 'watch' | 'pods'>): WatchConfiguration {
  return {
    scope: {
      scopeName: watch.scopeName,
      namespaces: watch.namespaces,
      excludePatterns: watch.exclude,
      ...(watch.labelSelector === '' ? {} : { labelSelector: watch.labelSelector }),
    },
    podRuns: watch.podRuns,
    coalesceMs: watch.coalesceMs,
    dispatchConcurrency: watch.dispatchConcurrency,
    queueLimit: watch.queueLimit,
    intervalSeconds: watch.intervalSeconds,
    classificationTimeoutMs: pods.classificationTimeoutMs,
    failedRetentionSeconds: pods.failedRetentionSeconds,
    idleCheckSeconds: pods.idleCheckSeconds,
  };
}

/** Equal configurations have equal hashes, whichever process computes them. */
export function configurationHash(configuration: WatchConfiguration): string {
  return createHash('sha256').update(JSON.stringify(configuration)).digest('hex').slice(0, 16);
}
