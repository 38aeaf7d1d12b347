import { ApplicationFailure, rootCause, setHandler, sleep } from '@temporalio/workflow';
import { requestFaults } from '../../domain/pods/run/reclassify/request-faults.ts';
import type { ReclassifyResult } from '../../domain/pods/run/reclassification.ts';
import type { FailureCode } from '../../domain/failures.ts';
import { type ReclassifyRequest, reclassifyUpdate } from '../pod-lifecycle.messages.ts';

/** A request whose sender waits for the answer. */
export interface WaitingRequest {
  readonly request: ReclassifyRequest;
  readonly answer: (result: ReclassifyResult) => void;
  readonly refuse: (why: ApplicationFailure) => void;
}

export interface ReclassifyRequests {
  /** With no request waiting: there may be answers that their senders have not got yet. */
  haveAnswers(): boolean;
  /**
   * Ends the present task, with which answers go out. To be awaited before the run ends or continues as new: the server
   * refuses the task that does when anything else arrives meanwhile, and a sender whose answer was in it would hear nothing.
   */
  deliverAnswers(): Promise<void>;
}

/**
 * Takes the update `reclassify`. Each valid request is handed to `push`, so that the run's one loop works on it in turn; its
 * sender hears when the loop answers.
 */
export function takeReclassifyRequests(push: (waiting: WaitingRequest) => void): ReclassifyRequests {
  let taken = false;
  setHandler(
    reclassifyUpdate,
    (request) =>
      new Promise((answer, refuse) => {
        taken = true;
        push({ request, answer, refuse });
      }),
    {
      description: 'Tries again what could not be classified, and judges the pod anew.',
      validator: (request) => {
        const faults = requestFaults(request);
        if (faults.length === 0) return;
        throw failure('invalid_input', faults.map(({ path, message }) => `${path} ${message}`).join('; '), faults);
      },
    },
  );
  return {
    haveAnswers: () => taken,
    async deliverAnswers() {
      taken = false;
      await sleep(1);
    },
  };
}

/** What the sender hears when the work itself broke down; nothing of the run was changed. */
export function reclassificationFailed(error: unknown): ApplicationFailure {
  const reason = rootCause(error) ?? 'unknown reason';
  return failure('classification_failed', `The run could not be reclassified and is as it was: ${reason}`, []);
}

function failure(type: FailureCode, message: string, details: readonly unknown[]): ApplicationFailure {
  return ApplicationFailure.create({ type, message, nonRetryable: true, details: [...details] });
}
