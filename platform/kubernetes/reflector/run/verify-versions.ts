import { listPage } from '../../client/list-page.ts';
import { isOlder } from '../state/versions.ts';
import { type RunContext, requireList } from './context.ts';

/**
 * Asks for the server's newest version before a watch goes on from ours. A server that was restored from an older backup
 * accepts a watch from a version it has not reached, and stays silent until it has passed it: nothing else would tell.
 * One object is read, without selectors, because finding one that matches could cost a scan of all.
 */
export async function verifyVersions<T>({ dependencies, target, progress, signal }: RunContext<T>): Promise<void> {
  const { path, resource } = target;
  const { version } = await listPage(dependencies, { path, resource, limit: 1, signal });
  if (progress.version !== null && isOlder(version, progress.version)) requireList(progress, 'versions-went-back');
  if (progress.missingPermission?.verb === 'list') progress.missingPermission = null;
  progress.versionsVerified = true;
}
