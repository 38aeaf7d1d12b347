import { ApplicationFailure, rootCause, setHandler } from '@temporalio/workflow';
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

/**
 * Takes the update `reclassify`. Each valid request is handed to `push`, so that the run's one loop works on it in turn; its
 * sender hears when the loop answers.
 */
export function takeReclassifyRequests(push: (waiting: WaitingRequest) => void): void {
  setHandler(
    reclassifyUpdate,
    (request) =>
      new Promise((answer, refuse) => {
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
}

/** What the sender hears when the work itself broke down; nothing of the run was changed. */
export function reclassificationFailed(error: unknown): ApplicationFailure {
  const reason = rootCause(error) ?? 'unknown reason';
  return failure('classification_failed', `The run could not be reclassified and is as it was: ${reason}`, []);
}

function failure(type: FailureCode, message: string, details: readonly unknown[]): ApplicationFailure {
  return ApplicationFailure.create({ type, message, nonRetryable: true, details: [...details] });
}
