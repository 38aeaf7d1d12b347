import { runCommand } from '../../../shared/run-command.ts';

/** The files a dynamic program is loaded with, the loader itself included, by the paths the loader looks for. */
export async function findSharedLibraries(program: string): Promise<string[]> {
  return parseLibraries(await runCommand({ command: 'ldd', args: [program] }));
}

/** The paths in what ldd writes. Throws an Error that names a library the machine doesn't have. */
export function parseLibraries(lddOutput: string): string[] {
  const missing = /^\s*(\S+) => not found/m.exec(lddOutput)?.[1];
  if (missing !== undefined) throw new Error(`The library ${missing} is missing on this machine.`);
  // `libm.so.6 => /lib/x86_64-linux-gnu/libm.so.6 (0x…)`, `/lib64/ld-linux-x86-64.so.2 (0x…)`; linux-vdso has no file.
  return [...lddOutput.matchAll(/^\s*(?:\S+ => )?(\/\S+) \(0x/gm)].flatMap(([, path]) => path ?? []);
}
