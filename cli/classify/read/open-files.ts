import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import type { Fault } from './fault.ts';

export type Bytes = AsyncIterable<Uint8Array | string>;

/** A file (or standard input) about to be read. */
export interface OpenedFile {
  /** Its path, or `standard input`. */
  readonly source: string;
  readonly chunks: Bytes;
}

const chunkBytes = 1024 * 1024;
const extensions = new Set(['.yaml', '.yml', '.json', '.jsonl', '.ndjson']);

/** The files under a path (`-` is standard input), one by one; a path that holds none is a fault. */
export async function* openFiles(path: string, stdin: Bytes): AsyncGenerator<OpenedFile | Fault> {
  if (path === '-') {
    yield { source: 'standard input', chunks: stdin };
    return;
  }
  const files = await listFiles(path);
  if (!Array.isArray(files)) {
    yield files;
    return;
  }
  for (const source of files) yield { source, chunks: createReadStream(source, { highWaterMark: chunkBytes }) };
}

/** Why a file could not be read, in plain words. */
export function unreadable(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return 'there is no such file or directory';
  if (code === 'EACCES' || code === 'EPERM') return 'may not be read (permission denied)';
  return error instanceof Error ? error.message : String(error);
}

async function listFiles(path: string): Promise<string[] | Fault> {
  try {
    if (!(await stat(path)).isDirectory()) return [path];
    const files = await listDirectory(path);
    if (files.length > 0) return files;
    return { source: path, message: `the directory holds no ${[...extensions].join(', ')} file` };
  } catch (error) {
    return { source: path, message: unreadable(error) };
  }
}

/** Links to directories are not followed, so that none is read twice or for ever. */
async function listDirectory(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { withFileTypes: true });
  const files: string[] = [];
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) files.push(...(await listDirectory(path)));
    else if (!extensions.has(extname(entry.name).toLowerCase())) continue;
    else if (entry.isFile() || (entry.isSymbolicLink() && !(await isDirectory(path)))) files.push(path);
  }
  return files;
}

/** A link to nothing is not a directory: reading it then says what is wrong. */
async function isDirectory(link: string): Promise<boolean> {
  const target = await stat(link).catch(() => undefined);
  return target?.isDirectory() ?? false;
}
