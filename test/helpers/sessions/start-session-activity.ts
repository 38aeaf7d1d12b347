import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import type { SessionActivities } from '../../../activities/sessions/session-activities.ts';

/** Failures that tests provoke are no news. */
const quiet = new DefaultLogger('ERROR');

/** Runs one activity of a session as a worker would. */
export function startSessionActivity<Name extends keyof SessionActivities>(
  activities: SessionActivities,
  name: Name,
  input: Parameters<SessionActivities[Name]>[0],
): { readonly result: ReturnType<SessionActivities[Name]>; readonly cancel: () => void } {
  const environment = new MockActivityEnvironment({}, { logger: quiet });
  const activity = activities[name] as (input: unknown) => Promise<unknown>;
  const result = environment.run<[unknown], unknown, typeof activity>(activity, input);
  return { result: result as ReturnType<SessionActivities[Name]>, cancel: () => environment.cancel() };
}
