import { sessionAnnotations, sessionLabels } from '../../../domain/sessions/identity/session-names.ts';
import type { SessionInput } from '../../../workflows/session.messages.ts';
import type { SweepDependencies } from './dependencies.ts';
import type { ListedPod } from './list-session-pods.ts';

type Dependencies = Pick<
  SweepDependencies,
  'cluster' | 'classes' | 'namespaces' | 'podCreationTimeoutSeconds' | 'logger'
>;

/**
 * The input of the run of a session that only its pod is left of. A class that is not configured any more gets the values of
 * `default` under its old name, so that the session can go on and end.
 */
export function sessionInputOf({ view, labels, annotations }: ListedPod, dependencies: Dependencies): SessionInput {
  const { cluster, classes, namespaces, podCreationTimeoutSeconds, logger } = dependencies;
  const own = classes.get(view.class);
  const standing = own ?? classes.get('default');
  if (standing === undefined) throw new Error('there is no class "default"');
  if (own === undefined) {
    const { uid: podUid, class: name } = view;
    logger.warn(
      { podUid, class: name },
      'the class of a session is not configured; it is taken over with the class default',
    );
  }
  return {
    cluster,
    key: view.key,
    sessionId: annotations[sessionAnnotations.sessionId] ?? '',
    tenant: annotations[sessionAnnotations.tenantName] ?? '',
    tenantHash: labels[sessionLabels.tenant] ?? '',
    ownerHash: annotations[sessionAnnotations.ownerHash] ?? '',
    class: { ...standing, name: view.class },
    namespace: view.namespace,
    namespaces: [...new Set([...namespaces, view.namespace])],
    podCreationTimeoutSeconds,
  };
}
