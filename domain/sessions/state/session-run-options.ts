import { searchAttributePairs } from '../../search-attributes.ts';
import { taskQueues } from '../../task-queues.ts';
import { sessionWorkflowId } from '../identity/session-names.ts';

/** How the run of a session is started, by whoever does: its id, its queue, and what lists and the Temporal UI show of it. */
export function sessionRunOptions(session: {
  readonly cluster: string;
  readonly key: string;
  readonly sessionId: string;
  readonly tenant: string;
  readonly ownerHash: string;
  readonly class: { readonly name: string };
  readonly namespace: string;
  /** RFC 3339. */
  readonly since: string;
}) {
  const { cluster, key, sessionId, tenant, ownerHash: owner, class: sessionClass, namespace, since } = session;
  const { name } = sessionClass;
  return {
    workflowId: sessionWorkflowId(key),
    taskQueue: taskQueues.sessions,
    staticSummary: `Session ${sessionId} of class ${name}`,
    memo: { sessionId, class: name, since },
    typedSearchAttributes: searchAttributePairs({
      cluster,
      state: 'Starting',
      owner,
      namespace,
      tags: [`class:${name}`],
      ...(tenant !== '' && { tenant }),
    }),
  };
}
