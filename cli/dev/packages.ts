import { spawn } from 'node:child_process';
import { findInPath } from '../../dev/shared/find-in-path.ts';
import { debianPackages } from '../../dev/tools/debian-packages.ts';

/** Installs the Debian packages. Throws where there is no apt-get, and when it fails. */
export async function installPackages({ printOnly }: { readonly printOnly: boolean }): Promise<void> {
  const install = ['apt-get', 'install', '--yes', '--no-install-recommends', ...debianPackages];
  const command = process.getuid?.() === 0 ? install : ['sudo', ...install];
  console.log(command.join(' '));
  if (printOnly) return;
  if ((await findInPath('apt-get', process.env['PATH'])) === null) {
    throw new Error(`There is no apt-get here. Install what your system calls ${debianPackages.join(', ')}.`);
  }
  const [program = '', ...args] = command;
  const child = spawn(program, args, { stdio: 'inherit', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  if (code !== 0) throw new Error('apt-get failed; "apt-get update" first may help.');
}
