import { findInPath } from '../../shared/find-in-path.ts';
import { readInstalledVersion } from '../installed-version.ts';
import { compareVersions } from '../version.ts';

/** The oldest Go that builds every tool. Some need a later patch release of it, which Go then fetches itself. */
const oldestGo = '1.26.0';

/** A Go toolchain that is new enough. */
export interface GoToolchain {
  readonly path: string;
  readonly version: string;
}

/** Finds Go in PATH or in /usr/local/go. Throws, saying what to do, when there is none or it is older than 1.26. */
export async function findGo(env: NodeJS.ProcessEnv): Promise<GoToolchain> {
  const path = await findInPath('go', `${env['PATH'] ?? ''}:/usr/local/go/bin`);
  const remedy = `Install Go 1.26 or newer (go.dev/doc/install), or put the programs into a folder and name it in PODKEEPER_TOOLS_DIR.`;
  if (path === null) throw new Error(`Go is needed to build the local servers and was not found. ${remedy}`);
  const version = await readInstalledVersion({ path, args: ['version'], env: { ...env, GOTOOLCHAIN: 'local' } });
  if (version === null) throw new Error(`${path} does not say its version. ${remedy}`);
  if (compareVersions(version, oldestGo) < 0) {
    throw new Error(`Go ${version} at ${path} is too old to build the local servers. ${remedy}`);
  }
  return { path, version };
}
