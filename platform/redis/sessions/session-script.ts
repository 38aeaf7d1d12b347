import { readFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import type { Script } from '../script.ts';

const prelude = readFileSync(new URL('./prelude.lua', import.meta.url), 'utf8');

/** Reads a session script, with the functions that all of them share before it. */
export function loadSessionScript(file: URL): Script {
  const source = `${prelude}\n${readFileSync(file, 'utf8')}`;
  return { source, sha1: createHash('sha1').update(source).digest('hex') };
}
