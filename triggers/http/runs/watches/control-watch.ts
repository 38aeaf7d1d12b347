import { type WatchAction, watchActions } from '../../../../workflows/watch-pods.messages.ts';
import type { HttpDependencies } from '../../http-app.ts';
import { findWatch } from './read-watches.ts';

export interface WatchControl {
  readonly scope: string;
  readonly action: WatchAction;
}

/** The run that was asked. */
export interface AskedWatch {
  readonly scope: string;
  readonly workflowId: string;
  readonly runId: string;
  readonly url: string;
}

/**
 * Asks a watch to pause, to go on, or to stop; what it does already it is not asked twice to its harm. Needs no worker. Throws
 * a Problem `not_found` as `findWatch`.
 */
export async function controlWatch(
  dependencies: Pick<HttpDependencies, 'client' | 'cluster' | 'runUrl'>,
  { scope, action }: WatchControl,
): Promise<AskedWatch> {
  const { client, runUrl } = dependencies;
  const { description } = await findWatch(dependencies, scope);
  const { workflowId, runId } = description;
  // By the workflow id alone: the run may just continue as new.
  await client.workflow.getHandle(workflowId).signal(watchActions[action]);
  return { scope, workflowId, runId, url: runUrl(workflowId, runId) };
}
