import { randomBytes } from 'node:crypto';
import {
  WithStartWorkflowOperation,
  WorkflowIdConflictPolicy,
  type WorkflowHandle,
  WorkflowNotFoundError,
} from '@temporalio/client';
import { sessionWorkflowId } from '../../../domain/sessions/identity/session-names.ts';
import type { SessionClass } from '../../../domain/sessions/session-class.ts';
import { sessionRunOptions } from '../../../domain/sessions/state/session-run-options.ts';
import {
  type EnsureReadyAnswer,
  type EnsureReadyRequest,
  ensureReadyUpdate,
  type SessionInput,
  sessionStatusQuery,
  type SessionStatus,
  sessionType,
} from '../../../workflows/session.messages.ts';
import type { session } from '../../../workflows/session.ts';
import type { WorkflowServers } from '../workflows/workflow-servers.ts';

export type SessionRunHandle = WorkflowHandle<typeof session>;

/** A class whose times are short enough for tests and long enough to see what happens within them. */
export const quickClass: SessionClass = {
  name: 'default',
  image: 'local.test/session:1',
  port: 8080,
  resources: { requests: {}, limits: {} },
  env: {},
  probePath: '/healthz',
  idleTimeoutSeconds: 1,
  maxLifetimeSeconds: 3600,
  holdSeconds: 30,
  drainSeconds: 2,
  bodyLimitBytes: 10_485_760,
  identity: 'none',
  openSocketIsActive: true,
  busyPath: null,
  nodeSelector: {},
  tolerations: [],
};

/** A session nobody else has. */
export function freshSession(parts: Partial<SessionInput> = {}): SessionInput {
  const letters = 'abcdefghijklmnopqrstuvwxyz234567';
  const key = [...randomBytes(26)].map((byte) => letters.charAt(byte % 32)).join('');
  return {
    cluster: 'test',
    key,
    sessionId: `client-${key.slice(0, 6)}`,
    tenant: '',
    tenantHash: 't',
    ownerHash: 'o',
    class: quickClass,
    namespace: 'sessions',
    namespaces: ['sessions'],
    podCreationTimeoutSeconds: 20,
    ...parts,
  };
}

/** Asks for the session's pod as a gateway does: starts the run when there is none. */
export async function ensureReady(
  { client }: Pick<WorkflowServers, 'client'>,
  input: SessionInput,
  request: EnsureReadyRequest = {},
): Promise<EnsureReadyAnswer> {
  return await client.workflow.executeUpdateWithStart(ensureReadyUpdate, {
    args: [{ class: input.class.name, ...request }],
    startWorkflowOperation: sessionStart(input),
  });
}

export function sessionStart(input: SessionInput) {
  return new WithStartWorkflowOperation<typeof session>(sessionType, {
    ...sessionRunOptions({ ...input, since: new Date().toISOString() }),
    workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING,
    args: [input],
  });
}

export function sessionRun({ client }: Pick<WorkflowServers, 'client'>, { key }: SessionInput): SessionRunHandle {
  return client.workflow.getHandle<typeof session>(sessionWorkflowId(key));
}

export async function untilSession(
  handle: SessionRunHandle,
  condition: (status: SessionStatus) => boolean,
): Promise<SessionStatus> {
  for (;;) {
    const status = await handle.query(sessionStatusQuery).catch((error: unknown) => {
      // Asked for and not started yet.
      if (error instanceof WorkflowNotFoundError) return undefined;
      throw error;
    });
    if (status !== undefined && condition(status)) return status;
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
}

/** The answer, which must be that it is ready. */
export function readyAnswer(answer: EnsureReadyAnswer): Extract<EnsureReadyAnswer, { readonly state: 'ready' }> {
  if (answer.state !== 'ready') throw new Error(`not ready: ${answer.reason}`);
  return answer;
}
