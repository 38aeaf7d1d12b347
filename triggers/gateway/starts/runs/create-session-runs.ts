import { randomUUID } from 'node:crypto';
import {
  type Client,
  QueryRejectedError,
  WorkflowClient,
  type WorkflowHandle,
  WorkflowUpdateStage,
} from '@temporalio/client';
import { sessionWorkflowId } from '../../../../domain/sessions/identity/session-names.ts';
import {
  ensureReadyUpdate,
  extendUpdate,
  sessionStatusQuery,
  type TerminateAnswer,
  terminateUpdate,
} from '../../../../workflows/session.messages.ts';
import { Problem } from '../../../http/problems/problem.ts';
import type { SessionRuns } from '../session-runs.ts';
import { askSession } from './ask-session.ts';
import { listSessions } from './list-sessions.ts';
import { isCutOff, isWithoutRun, runProblem } from './run-problem.ts';
import { type SessionPlacement, sessionRunStart } from './session-run-start.ts';

/** A run answers ensureReady within 20 s. */
const ensureMs = 25_000;
/** And the others at once, terminate within 5 s. */
const quickMs = 10_000;

export interface SessionRunsOptions extends SessionPlacement {
  readonly client: Client;
}

/** Reaches the runs of sessions in Temporal. */
export function createSessionRuns(options: SessionRunsOptions): SessionRuns {
  const { client, cluster } = options;
  const { connection, options: clientOptions } = client;
  // A closed run would be answered for by replaying it; nobody wants to know how it ended.
  const openRuns = new WorkflowClient({
    connection,
    namespace: clientOptions.namespace,
    dataConverter: clientOptions.dataConverter,
    queryRejectCondition: 'NOT_OPEN',
  });
  const runOf = (key: string): WorkflowHandle => client.workflow.getHandle(sessionWorkflowId(key));
  const quick = { client, forMs: quickMs };

  return {
    ensureReady: (target, request, taken) => {
      const sinceMs = performance.now() - (request.waitedMs ?? 0);
      return askSession({ client, forMs: ensureMs, isPassingToo: isWithoutRun }, async () => {
        const update = await client.workflow.startUpdateWithStart(ensureReadyUpdate, {
          // Of this attempt: what became ready since the first one was made for who asks.
          args: [{ ...request, waitedMs: Math.round(performance.now() - sinceMs) }],
          updateId: randomUUID(),
          waitForStage: WorkflowUpdateStage.ACCEPTED,
          startWorkflowOperation: sessionRunStart(options, target),
        });
        taken?.();
        return await update.result();
      });
    },

    terminate: async (key, { force, target }) => {
      // What a run that ended meanwhile was asked, it had at least begun to do.
      let wasThere = false;
      const asked = (answer: Promise<TerminateAnswer>): Promise<TerminateAnswer> =>
        answer.catch((error: unknown) => {
          wasThere ||= isCutOff(error);
          throw error;
        });
      try {
        return await askSession(quick, () =>
          asked(runOf(key).executeUpdate(terminateUpdate, { args: [{ force }], updateId: randomUUID() })),
        );
      } catch (error) {
        if (!(error instanceof Problem) || error.code !== 'not_found') throw error;
        if (target === undefined) return { existed: wasThere, phase: 'Gone', gone: true };
        return await askSession({ ...quick, isPassingToo: isWithoutRun }, () =>
          client.workflow.executeUpdateWithStart(terminateUpdate, {
            args: [{ force }],
            updateId: randomUUID(),
            startWorkflowOperation: sessionRunStart(options, target),
          }),
        );
      }
    },

    extend: (key, seconds) =>
      askSession(quick, () => runOf(key).executeUpdate(extendUpdate, { args: [{ seconds }], updateId: randomUUID() })),

    status: async (key) => {
      const run = openRuns.getHandle(sessionWorkflowId(key));
      try {
        const status = await client.withDeadline(Date.now() + quickMs, () => run.query(sessionStatusQuery));
        // Its run stays open for a moment after the pod is gone.
        return status.phase === 'Gone' ? null : status;
      } catch (error) {
        if (error instanceof QueryRejectedError || isWithoutRun(error)) return null;
        throw runProblem(error);
      }
    },

    list: (query) => listSessions({ client, cluster }, query),
  };
}
