import {
  type Client,
  WithStartWorkflowOperation,
  WorkflowIdConflictPolicy,
  WorkflowNotFoundError,
} from '@temporalio/client';
import { searchAttributes } from '../../../domain/search-attributes.ts';
import { sessionWorkflowId } from '../../../domain/sessions/identity/session-names.ts';
import { sessionRunOptions } from '../../../domain/sessions/state/session-run-options.ts';
import type { SweptRun } from '../../../domain/sessions/sweep/plan-sweep.ts';
import { listRunPage, type RunPage } from '../../../platform/temporal/runs/list-run-page.ts';
import { visibilityQuery } from '../../../platform/temporal/runs/visibility-query.ts';
import {
  adoptUpdate,
  podGoneSignal,
  type SessionInput,
  type SessionStatus,
  sessionStatusQuery,
  sessionType,
} from '../../../workflows/session.messages.ts';

const callMs = 10_000;
const adoptMs = 30_000;
const pageSize = 1000;

/** The runs of sessions, as a sweep reaches them. Every call has a deadline. */
export function createSweptRuns(client: Client, cluster: string) {
  const { workflow } = client;
  const handle = (key: string) => workflow.getHandle(sessionWorkflowId(key));
  const within = <T>(call: () => Promise<T>): Promise<T> => client.withDeadline(Date.now() + callMs, call);
  return {
    /** Open runs as visibility lists them, late by some seconds. */
    async list(signal: AbortSignal): Promise<readonly SweptRun[]> {
      const query = visibilityQuery({ type: sessionType, cluster, status: 'Running' });
      const listed: SweptRun[] = [];
      let pageToken: Uint8Array | null = null;
      do {
        signal.throwIfAborted();
        const request = { client, query, pageSize, pageToken };
        const page: RunPage = await within(() => listRunPage(request));
        for (const { workflowId, typedSearchAttributes } of page.runs) {
          const pod = typedSearchAttributes.getAll().find(({ key }) => key.name === searchAttributes.pod.name)?.value;
          listed.push({
            key: workflowId.slice(sessionWorkflowId('').length),
            podName: typeof pod === 'string' ? pod : null,
          });
        }
        pageToken = page.nextPageToken;
      } while (pageToken !== null);
      return listed;
    },
    /** As the server knows it now, not as visibility lists it. */
    async isOpen(key: string): Promise<boolean> {
      try {
        return (await within(() => handle(key).describe())).status.name === 'RUNNING';
      } catch (error) {
        if (error instanceof WorkflowNotFoundError) return false;
        throw error;
      }
    },
    status: (key: string): Promise<SessionStatus> => within(() => handle(key).query(sessionStatusQuery)),
    podGone: (key: string, podUid: string): Promise<void> =>
      within(() => handle(key).signal(podGoneSignal, { podUid })),
    /** Starts the run when there is none; returns once it has looked for its pods. */
    async adopt(input: SessionInput): Promise<void> {
      const startWorkflowOperation = new WithStartWorkflowOperation(sessionType, {
        ...sessionRunOptions({ ...input, since: new Date().toISOString() }),
        workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING,
        args: [input],
      });
      await client.withDeadline(Date.now() + adoptMs, () =>
        workflow.executeUpdateWithStart(adoptUpdate, { startWorkflowOperation }),
      );
    },
  };
}

export type SweptRuns = ReturnType<typeof createSweptRuns>;
