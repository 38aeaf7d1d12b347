import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runCommand } from '../../../shared/run-command.ts';
import { createOciImage, goArchitecture } from './oci-image.ts';
import type { TarEntry } from './tar.ts';

/** The images of the real node. There is no registry: pods use `imagePullPolicy: Never` or IfNotPresent. */
export const pauseImage = 'local.test/pause:1';
const busyboxImage = 'local.test/busybox:1';

const pauseSource = join(dirname(fileURLToPath(import.meta.url)), 'pause.c');

/** Builds both images below `folder` and returns the paths of their archives. Needs gcc and a static busybox. */
export async function buildImages(input: { readonly folder: string; readonly busybox: string }): Promise<string[]> {
  await mkdir(input.folder, { recursive: true });
  const pauseProgram = join(input.folder, 'pause');
  await runCommand({ command: 'gcc', args: ['-O2', '-static', '-o', pauseProgram, pauseSource] });
  const pause = await saveImage({
    folder: input.folder,
    name: pauseImage,
    command: ['/pause'],
    entries: [{ type: 'file', path: 'pause', mode: 0o755, content: await readFile(pauseProgram) }],
  });
  const busybox = await saveImage({
    folder: input.folder,
    name: busyboxImage,
    command: ['sh'],
    entries: await busyboxEntries(input.busybox),
  });
  return [pause, busybox];
}

async function saveImage(input: {
  readonly folder: string;
  readonly name: string;
  readonly command: readonly string[];
  readonly entries: readonly TarEntry[];
}): Promise<string> {
  const path = join(input.folder, `${input.name.replaceAll(/[/:]/g, '-')}.tar`);
  await writeFile(path, createOciImage({ ...input, architecture: goArchitecture() }));
  return path;
}

async function busyboxEntries(program: string): Promise<TarEntry[]> {
  const applets = (await runCommand({ command: program, args: ['--list'] })).split('\n').filter((name) => name !== '');
  const links = applets
    .filter((name) => name !== 'busybox')
    .map((name): TarEntry => ({ type: 'link', path: `bin/${name}`, target: 'busybox' }));
  const passwd = Buffer.from('root:x:0:0:root:/:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/sh\n');
  return [
    { type: 'file', path: 'bin/busybox', mode: 0o755, content: await readFile(program) },
    { type: 'file', path: 'etc/passwd', mode: 0o644, content: passwd },
    ...links,
  ];
}
