import type { WatchView } from '../../domain/pods/watch/watch-view.ts';
import { type WatchStatus, watchPodsType, watchStatusQuery } from '../../workflows/watch-pods.messages.ts';
import { visibilityQuery } from '../../platform/temporal/runs/visibility-query.ts';
import { type TemporalTarget, withTemporal } from '../temporal-target.ts';
import { readHeartbeat } from '../../platform/temporal/runs/read-heartbeat.ts';

type Output = 'table' | 'json';

/** Prints the status of every running watch. Fails when there is none. */
export async function showWatches({
  cluster,
  output,
}: {
  readonly cluster?: string;
  readonly output: Output;
}): Promise<void> {
  await withTemporal(async (target) => {
    const query = visibilityQuery({
      type: watchPodsType,
      status: 'running',
      ...(cluster === undefined ? {} : { cluster }),
    });
    let shown = 0;
    for await (const { workflowId } of target.client.workflow.list({ query })) {
      await showWatch(target, { workflowId, output });
      shown += 1;
    }
    if (shown === 0) throw new Error('No watch is running. Start a watch worker ("npm run worker:watch").');
  });
}

/** Prints one watch: what its run knows, and the live part from its holder's last heartbeat. */
export async function showWatch(
  { client, runUrl }: TemporalTarget,
  { workflowId, output }: { readonly workflowId: string; readonly output: Output },
): Promise<void> {
  const handle = client.workflow.getHandle(workflowId);
  const status = await handle.query(watchStatusQuery);
  const description = await handle.describe();
  const live = readHeartbeat(description.raw.pendingActivities ?? []);
  const url = runUrl(workflowId, description.runId) ?? null;
  if (output === 'json') console.log(JSON.stringify({ workflowId, url, ...status, live }));
  else print({ workflowId, url, status, live });
}

function print({
  workflowId,
  url,
  status,
  live,
}: {
  readonly workflowId: string;
  readonly url: string | null;
  readonly status: WatchStatus;
  readonly live: WatchView | null;
}): void {
  const { scope } = status.configuration;
  const where = scope.namespaces.length === 0 ? 'every namespace' : scope.namespaces.join(', ');
  console.log(`${workflowId}  ${status.mode}`);
  if (url !== null) console.log(`  ${url}`);
  console.log(`  scope         ${where}${scope.labelSelector === undefined ? '' : `, labels ${scope.labelSelector}`}`);
  if (live === null) {
    console.log(`  holder        none${status.mode === 'running' ? ' (is a watch worker running?)' : ''}`);
  } else {
    console.log(`  holder        ${live.holder} since ${live.since}`);
    console.log(`  pods          ${live.pods}`);
    console.log(`  stream        last byte ${live.streamAgeSeconds.toFixed(0)} s ago`);
    console.log(
      `  changes       ${live.accepted} accepted, ${live.waiting} waiting, ${live.late} late in this interval`,
    );
  }
  console.log(`  configuration revision ${status.revision}, ${status.configHash}`);
  const missing = live?.missingPermissions ?? status.missingPermissions;
  if (missing.length > 0) console.log(`  MISSING       ${missing.join('; ')}`);
  console.log(`  gaps          ${status.gapCount}`);
  for (const gap of status.gaps.slice(-5)) {
    console.log(
      `    ${gap.fromTime} to ${gap.toTime}: ${gap.reason} (versions ${gap.fromVersion || '?'} to ${gap.toVersion})`,
    );
  }
}
