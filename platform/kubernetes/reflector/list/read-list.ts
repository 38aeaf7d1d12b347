import { type ListPage, type ListPageRequest, listPage } from '../../client/list-page.ts';
import type { ApiDependencies } from '../../client/send.ts';
import { KubernetesError } from '../../kubernetes-error.ts';

/**
 * Reads a list page by page, all pages at one version.
 * @throws KubernetesError; status 410 when the continue token has expired: then only a new list helps
 */
export async function* readList(
  dependencies: ApiDependencies,
  request: Omit<ListPageRequest, 'continueToken'>,
): AsyncGenerator<ListPage> {
  let continueToken: string | undefined;
  let version: string | undefined;
  do {
    const page = await listPage(dependencies, { ...request, continueToken });
    version ??= page.version;
    // Kubernetes offers to go on with an "inconsistent continue" at a newer version; such a list proves nothing.
    if (page.version !== version) {
      throw new KubernetesError({
        verb: 'list',
        resource: request.resource,
        status: null,
        reason: 'InconsistentList',
        detail: `a page came at version ${page.version}, the first one at ${version}`,
      });
    }
    yield page;
    continueToken = page.continueToken;
  } while (continueToken !== undefined);
}
