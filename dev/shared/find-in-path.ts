import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

/** Whether a path is a file this process may execute. */
export async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

/** Where `name` is found in PATH or the folders that system programs live in, or null. */
export async function findInPath(name: string, path: string | undefined): Promise<string | null> {
  // A user's PATH on Debian lacks the sbin folders where ip, iptables and runc are.
  const folders = [...(path ?? '').split(delimiter), '/usr/local/sbin', '/usr/sbin', '/sbin'];
  for (const folder of folders) {
    if (folder !== '' && (await isExecutable(join(folder, name)))) return join(folder, name);
  }
  return null;
}
