import { workflowInfo } from '@temporalio/workflow';

/** Whether to continue as new: the server suggests it, or `limit` (an input, so that tests can force it) is reached. */
export function historyIsLong(limit: number | undefined): boolean {
  const { continueAsNewSuggested, historyLength } = workflowInfo();
  return continueAsNewSuggested || (limit !== undefined && historyLength >= limit);
}
