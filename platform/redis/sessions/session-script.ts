import { readFileSync } from 'node:fs';
import { loadScript, type Script } from '../script.ts';

const prelude = readFileSync(new URL('./prelude.lua', import.meta.url), 'utf8');

/** Reads a session script, with the functions that all of them share before it. */
export function loadSessionScript(file: URL): Script {
  return loadScript(file, `${prelude}\n`);
}
