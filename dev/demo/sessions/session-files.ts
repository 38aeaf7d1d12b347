import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Writes the demo's key file of session pods beside its other files, and returns its path. */
export async function writeSigningKeys(environmentFolder: string): Promise<string> {
  const folder = join(environmentFolder, 'demo');
  await mkdir(folder, { recursive: true });
  const path = join(folder, 'signing-keys');
  await writeFile(path, `demo:${randomBytes(32).toString('base64')}\n`, { mode: 0o600 });
  return path;
}
