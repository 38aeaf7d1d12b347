import { proxyActivities, setCurrentDetails, setWorkflowOptions } from '@temporalio/workflow';
import type { SweepActivities } from '../activities/sessions/sweep/sweep-activities.ts';
import { renderSweep, type SweepResult } from '../domain/sessions/sweep/sweep-result.ts';
import { pinnedWhenVersioned } from './replay/pinned-when-versioned.ts';
import type { SweepSessionsInput } from './sweep-sessions.messages.ts';

const { comparePodsWithRuns } = proxyActivities<SweepActivities>({
  startToCloseTimeout: '5m',
  heartbeatTimeout: '15s',
  // The next sweep comes anyway; one that can't be done shows as failed.
  retry: { initialInterval: '1s', maximumAttempts: 3 },
});

setWorkflowOptions(pinnedWhenVersioned, sweepSessions);
/** Finds pods without a run, runs without their pod, and what was left behind, and repairs it. The result says what was done. */
export async function sweepSessions({ cluster }: SweepSessionsInput): Promise<SweepResult> {
  setCurrentDetails('Pods and runs are being compared.');
  const result = await comparePodsWithRuns({ cluster });
  setCurrentDetails(renderSweep(result));
  return result;
}
