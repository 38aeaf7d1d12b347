import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Redis } from 'ioredis';

/** One Lua operation; its file begins with what it does, KEYS, ARGV and output. */
export interface Script {
  readonly source: string;
  readonly sha1: string;
}

/**
 * Reads a script beside the module that uses it: `loadScript(new URL('./x.lua', import.meta.url))`. `prelude` holds functions
 * that several scripts share; it is put before the script.
 */
export function loadScript(file: URL, prelude = ''): Script {
  const source = prelude + readFileSync(file, 'utf8');
  return { source, sha1: createHash('sha1').update(source).digest('hex') };
}

export interface ScriptCall {
  readonly script: Script;
  readonly keys: readonly string[];
  readonly args: readonly (string | number)[];
}

/** Runs a script by its digest, and sends its text only to a server that does not have it (a new or restarted one). */
export async function runScript(redis: Redis, { script, keys, args }: ScriptCall): Promise<unknown> {
  try {
    return await redis.evalsha(script.sha1, keys.length, ...keys, ...args);
  } catch (error) {
    if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
    return await redis.eval(script.source, keys.length, ...keys, ...args);
  }
}
