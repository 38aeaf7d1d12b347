import { createEndDraft, sayRestarts } from '../create-end-draft.ts';
import type { EndStep } from '../end.ts';
import { mayFinish } from '../excuses/restart-policy.ts';
import { sayExitCode } from '../exit-codes.ts';

/** In a Succeeded pod every end is part of its success, whatever the exit code. */
export const decideSucceededPod: EndStep = (input) => {
  const { context, view, end } = input;
  if (context.snapshot.phase !== 'Succeeded' || end.where !== 'state') return undefined;
  const { exitCode } = end.record;
  return createEndDraft(input, {
    cause: 'Completed',
    confidence: exitCode === 0 ? 'confirmed' : 'likely',
    detail: exitCode === 0 ? undefined : `exit code ${sayExitCode(exitCode)} in a pod that succeeded`,
    summary:
      exitCode === 0
        ? `container ${view.name} completed`
        : `container ${view.name} ended with exit code ${sayExitCode(exitCode)}, but the pod succeeded`,
  });
};

/** Exit code 0: the end of a container that may finish, else a restart that the restartPolicy asks for. */
export const decideExitZero: EndStep = (input) => {
  const { context, view, end } = input;
  if (end.record.exitCode !== 0) return undefined;
  if (mayFinish(context, view)) {
    return createEndDraft(input, {
      cause: 'Completed',
      confidence: 'confirmed',
      summary: `container ${view.name} completed`,
    });
  }
  return createEndDraft(input, {
    cause: 'RestartedAfterExit0',
    category: view.loops ? 'crash' : 'informational',
    severity: view.loops ? 'medium' : 'low',
    confidence: 'confirmed',
    summary: `container ${view.name} ended by itself with exit code 0 and its restartPolicy starts it again${sayRestarts(view)}`,
    remedy: `if container ${view.name} is meant to run for ever, find out why it ends; if it is meant to finish, use a Job or restartPolicy OnFailure`,
  });
};
