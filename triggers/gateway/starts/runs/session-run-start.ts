import { WithStartWorkflowOperation, WorkflowIdConflictPolicy } from '@temporalio/client';
import type { Workflow } from '@temporalio/common';
import { sessionNamespace, sessionNamespaces } from '../../../../domain/sessions/identity/session-names.ts';
import { sessionRunOptions } from '../../../../domain/sessions/state/session-run-options.ts';
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

/** Starts the run of a session, if none is open, together with an update. */
export function sessionRunStart(
  { cluster, sessions }: SessionPlacement,
  target: SessionTarget,
): WithStartWorkflowOperation<Workflow> {
  const { key, sessionId, tenant, tenantHash, ownerHash, class: sessionClass } = target;
  const { namespace: base, namespaceShards: shards, podCreationTimeoutSeconds } = sessions;
  const input: SessionInput = {
    cluster,
    key,
    sessionId,
    tenant,
    tenantHash,
    ownerHash,
    class: sessionClass,
    namespace: sessionNamespace({ base, shards, key }),
    namespaces: sessionNamespaces(base, shards),
    podCreationTimeoutSeconds,
  };
  return new WithStartWorkflowOperation(sessionType, {
    ...sessionRunOptions({ ...input, since: new Date().toISOString() }),
    workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING,
    args: [input],
  });
}
