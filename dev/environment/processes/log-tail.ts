import { open } from 'node:fs/promises';
import { lastLines } from '../../shared/run-command.ts';

const tailBytes = 16_384;

/** The last lines of a log file; says so when there is no file or it is empty. */
export async function readLogTail(path: string, lines = 20): Promise<string> {
  const file = await open(path, 'r').catch(() => null);
  if (file === null) return '(no log was written)';
  try {
    const { size } = await file.stat();
    const length = Math.min(size, tailBytes);
    const { buffer } = await file.read({ buffer: Buffer.alloc(length), position: size - length });
    const tail = lastLines(buffer.toString('utf8'), lines);
    return tail === '' ? '(the log is empty)' : tail;
  } finally {
    await file.close();
  }
}
