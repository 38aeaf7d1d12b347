import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of the checked-out project. */
export const projectFolder = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** Where all local environments of this checkout live. */
export const environmentsFolder = join(projectFolder, '.podkeeper', 'dev');

const namePattern = /^[a-z0-9][a-z0-9-]{0,30}$/;

/** The folder of one environment. Throws when the name is no lower-case label of at most 31 characters. */
export function environmentFolder(name: string, root = environmentsFolder): string {
  if (!namePattern.test(name)) {
    throw new Error(
      `"${name}" is no name for an environment: use lower-case letters, digits and dashes, at most 31 of them.`,
    );
  }
  return join(root, name);
}

/** The files and folders inside an environment's folder. */
export function environmentPaths(folder: string) {
  return {
    state: join(folder, 'state.json'),
    plan: join(folder, 'plan.json'),
    logs: join(folder, 'logs'),
    control: join(folder, 'control.sock'),
    pki: join(folder, 'pki'),
    kubeconfig: join(folder, 'kubeconfig'),
    node: join(folder, 'node'),
  } as const;
}
