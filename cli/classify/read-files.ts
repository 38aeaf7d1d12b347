import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { decodeText } from './decode-text.ts';
import type { Fault } from './fault.ts';

export interface TextSource {
  readonly source: string;
  readonly text: string;
}

const mebibyte = 1024 * 1024;
/** A JavaScript string holds 512 Mi characters; a list of 20,000 pods takes about 200 MiB. */
const maxFileBytes = 256 * mebibyte;
const extensions = new Set(['.yaml', '.yml', '.json', '.jsonl', '.ndjson']);

/** The texts under a path (`-` is standard input), one by one; what can't be read is a fault in its place. */
export async function* readFiles(
  path: string,
  stdin: AsyncIterable<Uint8Array | string>,
): AsyncGenerator<TextSource | Fault> {
  if (path === '-') {
    yield await readText('standard input', stdin);
    return;
  }
  const files = await listFiles(path);
  if (!Array.isArray(files)) {
    yield files;
    return;
  }
  for (const file of files) yield await readText(file, createReadStream(file, { highWaterMark: mebibyte }));
}

async function listFiles(path: string): Promise<string[] | Fault> {
  try {
    if (!(await stat(path)).isDirectory()) return [path];
    const files = await listDirectory(path);
    if (files.length > 0) return files;
    return { source: path, message: `the directory holds no ${[...extensions].join(', ')} file` };
  } catch (error) {
    return { source: path, message: reasonOf(error) };
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

async function readText(source: string, chunks: AsyncIterable<Uint8Array | string>): Promise<TextSource | Fault> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const chunk of chunks) {
      const part = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
      bytes += part.length;
      if (bytes > maxFileBytes) return { source, message: `is larger than ${maxFileBytes / mebibyte} MiB` };
      parts.push(part);
    }
  } catch (error) {
    return { source, message: reasonOf(error) };
  }
  const text = decodeText(Buffer.concat(parts));
  if (text === undefined) return { source, message: 'is not text (UTF-8, or UTF-16 with a byte order mark)' };
  return { source, text };
}

function reasonOf(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return 'there is no such file or directory';
  if (code === 'EACCES' || code === 'EPERM') return 'may not be read (permission denied)';
  return error instanceof Error ? error.message : String(error);
}
