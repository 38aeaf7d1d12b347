import { setTimeout as sleep } from 'node:timers/promises';
import type { CompiledRules } from '../../domain/pods/rules/compiled-rules.ts';
import type { Logger } from '../logger.ts';
import type { Metrics } from '../metrics.ts';
import { parseRules, readRulesText } from './read-rules.ts';

/** A file that still changes after this time is looked at again at the next poll. */
const settleMs = 50;

export interface RulesSourceOptions {
  readonly path: string;
  readonly logger: Logger;
  readonly metrics: Pick<Metrics, 'rulesLoads' | 'rulesInForce'>;
  /** Time between two looks at the file. */
  readonly pollMs?: number;
}

/** The rules of a file that may change while the process runs. */
export interface RulesSource {
  /** The rules in force now. */
  readonly current: () => CompiledRules;
  readonly close: () => Promise<void>;
}

/**
 * Reads a rules file and keeps up with it. Throws RulesFileError when it can't be used at the start. Later a changed file
 * is in force for the next classification; while it can't be used or is gone, the last good rules stay in force, and that
 * is logged and counted once. The content is compared, not times: Kubernetes swaps a mounted ConfigMap by a symbolic link.
 */
export async function createRulesSource(options: RulesSourceOptions): Promise<RulesSource> {
  const { path, logger, metrics, pollMs = 2000 } = options;
  const stopped = new AbortController();
  let seen = await readRulesText(path);
  let inForce = parseRules(seen, path);

  const take = (rules: CompiledRules, event: string): void => {
    inForce = rules;
    metrics.rulesLoads.inc({ result: 'loaded' });
    metrics.rulesInForce.set(rules.count);
    logger.info({ file: path, rules: rules.count, version: rules.version }, event);
  };
  const read = () => readRulesText(path).catch((error: unknown) => ({ problem: messageOf(error) }));
  const pause = (milliseconds: number) => sleep(milliseconds, true, { signal: stopped.signal, ref: false });
  const look = async (): Promise<void> => {
    const found = await read();
    if (contentOf(found) === seen) return;
    // An editor may be in the middle of writing, and half a file can be valid rules.
    await pause(settleMs);
    if (contentOf(await read()) !== contentOf(found)) return;
    seen = contentOf(found);
    try {
      if (typeof found !== 'string') throw new Error(found.problem);
      take(parseRules(found, path), 'changed rules are in force');
    } catch (error) {
      metrics.rulesLoads.inc({ result: 'failed' });
      const what = { file: path, problem: messageOf(error), inForce: inForce.version };
      logger.error(what, 'the rules file cannot be used; the rules before it stay in force');
    }
  };
  const keepLooking = async (): Promise<void> => {
    while (await pause(pollMs)) await look();
  };

  take(inForce, 'rules are in force');
  const looking = keepLooking().catch((error: unknown) => {
    if (!stopped.signal.aborted) throw error;
  });
  return {
    current: () => inForce,
    close: async () => {
      stopped.abort();
      await looking;
    },
  };
}

function contentOf(found: string | { readonly problem: string }): string {
  return typeof found === 'string' ? found : found.problem;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
