import { WithStartWorkflowOperation, WorkflowIdConflictPolicy } from '@temporalio/client';
import type { Workflow } from '@temporalio/common';
import {
  sessionNamespace,
  sessionNamespaces,
  sessionWorkflowId,
} from '../../../../domain/sessions/identity/session-names.ts';
import { searchAttributePairs } from '../../../../domain/search-attributes.ts';
import { taskQueues } from '../../../../domain/task-queues.ts';
import { type SessionInput, sessionType } from '../../../../workflows/session.messages.ts';
import type { SessionTarget } from '../../session/session-target.ts';

export interface SessionPlacement {
  readonly cluster: string;
  /** Settings of sessions: where their pods are, and how long one may take to become ready. */
  readonly sessions: {
    readonly namespace: string;
    readonly namespaceShards: number;
    readonly podCreationTimeoutSeconds: number;
  };
}

/** What a list of sessions is told from; kept by the run from its first start on. */
export interface SessionMemo {
  readonly sessionId: string;
  readonly class: string;
  /** RFC 3339; a run that continued as new has a later start. */
  readonly since: string;
}

/** Starts the run of a session, if none is open, together with an update. */
export function sessionRunStart(
  { cluster, sessions }: SessionPlacement,
  target: SessionTarget,
): WithStartWorkflowOperation<Workflow> {
  const { key, sessionId, tenant, tenantHash, ownerHash, class: sessionClass } = target;
  const { namespace: base, namespaceShards: shards, podCreationTimeoutSeconds } = sessions;
  const namespace = sessionNamespace({ base, shards, key });
  const input: SessionInput = {
    cluster,
    key,
    sessionId,
    tenant,
    tenantHash,
    ownerHash,
    class: sessionClass,
    namespace,
    namespaces: sessionNamespaces(base, shards),
    podCreationTimeoutSeconds,
  };
  const memo: SessionMemo = { sessionId, class: sessionClass.name, since: new Date().toISOString() };
  return new WithStartWorkflowOperation(sessionType, {
    workflowId: sessionWorkflowId(key),
    taskQueue: taskQueues.sessions,
    workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING,
    staticSummary: `Session ${sessionId} of class ${sessionClass.name}`,
    memo: { ...memo },
    typedSearchAttributes: searchAttributePairs({
      cluster,
      state: 'Starting',
      owner: ownerHash,
      namespace,
      tags: [`class:${sessionClass.name}`],
      ...(tenant !== '' && { tenant }),
    }),
    args: [input],
  });
}
