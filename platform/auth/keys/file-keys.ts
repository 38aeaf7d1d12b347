import { readFile, stat } from 'node:fs/promises';
import type { JWTVerifyGetKey } from 'jose';
import type { Logger } from '../../logger.ts';
import type { KeySource } from './key-source.ts';
import { maxKeySetBytes, parseKeySet } from './parse-key-set.ts';

/** How long a change of the file may stay unseen. */
const lookEveryMs = 1000;

export interface FileKeysOptions {
  readonly path: string;
  readonly logger: Logger;
  readonly lookEveryMs?: number;
}

/** Keys from a file, read again when it changes; a faulty change is logged and the last good keys stay. */
export async function createFileKeys(options: FileKeysOptions): Promise<KeySource> {
  const { path, logger, lookEveryMs: everyMs = lookEveryMs } = options;
  let seen = await fingerprint(path);
  let find = await read(path);
  let lookedAtMs = performance.now();

  const look = async (): Promise<void> => {
    if (performance.now() - lookedAtMs < everyMs) return;
    lookedAtMs = performance.now();
    try {
      const now = await fingerprint(path);
      if (now === seen) return;
      seen = now;
      find = await read(path);
      logger.info({ path }, 'read changed keys');
    } catch (error) {
      logger.error({ err: error, path }, 'the changed keys could not be read; the ones before stay in force');
    }
  };
  return {
    findKey: async (header, token) => {
      await look();
      return await find(header, token);
    },
    problem: () => undefined,
    close: () => undefined,
  };
}

/** Differs after every change, also after that of a mounted ConfigMap, which swaps a symbolic link. */
async function fingerprint(path: string): Promise<string> {
  const { ino, size, mtimeMs } = await stat(path);
  return `${ino} ${size} ${mtimeMs}`;
}

async function read(path: string): Promise<JWTVerifyGetKey> {
  const text = await readFile(path, 'utf8');
  if (text.length > maxKeySetBytes) throw new Error(`the file has more than ${maxKeySetBytes} bytes`);
  return parseKeySet(text);
}
