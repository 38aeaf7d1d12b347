import { isGrpcServiceError } from '@temporalio/client';
import { visibilityQuery } from '../../platform/temporal/runs/visibility-query.ts';
import {
  type WatchAction,
  watchActions,
  watchPodsType,
  type WatchStatus,
  watchStatusQuery,
} from '../../workflows/watch-pods.messages.ts';
import { type TemporalTarget, withTemporal } from '../temporal-target.ts';
import type { Terminal } from '../terminal.ts';

export interface WatchControl {
  readonly action: WatchAction;
  /** Names of the watch and its cluster; may be left out while there is only one. */
  readonly scope?: string | undefined;
  readonly cluster?: string | undefined;
}

const answerSeconds = 5;

/** Asks one watch to pause, to go on or to stop, and says what it was doing and what it does now. */
export async function controlWatch({ action, ...wanted }: WatchControl, terminal: Terminal): Promise<void> {
  await withTemporal(async (target) => {
    const workflowId = await findWatch(target, wanted);
    const before = await modeOf(target, workflowId);
    await target.client.workflow.getHandle(workflowId).signal(watchActions[action]);
    const after = await modeOf(target, workflowId);
    terminal.stdout.write(`${workflowId}: ${sayChange({ action, before, after })}\n`);
  });
}

/** The id of the one watch that is meant. Throws, naming them, when there is none or more than one. */
async function findWatch({ client }: TemporalTarget, wanted: Omit<WatchControl, 'action'>): Promise<string> {
  const { scope, cluster } = wanted;
  const query = visibilityQuery({
    type: watchPodsType,
    status: 'running',
    ...(cluster === undefined ? {} : { cluster }),
  });
  const found: string[] = [];
  for await (const { workflowId } of client.workflow.list({ query })) found.push(workflowId);
  const meant = found.filter((workflowId) => scope === undefined || workflowId.split('/')[2] === scope);
  const [first, ...others] = meant;
  if (first !== undefined && others.length === 0) return first;
  if (first !== undefined)
    throw new Error(`Several watches are meant: give the scope and --cluster (${meant.join(', ')}).`);
  const there = found.length === 0 ? 'No watch is running' : `There are ${found.join(', ')}`;
  throw new Error(scope === undefined ? `${there}.` : `There is no watch "${scope}". ${there}.`);
}

type Mode = WatchStatus['mode'] | 'stopped' | 'unknown';

/** `unknown` when no worker answers in time. A signal that was taken in before counts. */
async function modeOf({ client }: TemporalTarget, workflowId: string): Promise<Mode> {
  const handle = client.workflow.getHandle(workflowId);
  try {
    return await client.withDeadline(Date.now() + answerSeconds * 1000, async () => {
      if ((await handle.describe()).status.name !== 'RUNNING') return 'stopped';
      return (await handle.query(watchStatusQuery)).mode;
    });
  } catch (error) {
    const cause = error instanceof Error && isGrpcServiceError(error.cause) ? error.cause : error;
    if (isGrpcServiceError(cause) && unanswered.has(cause.code)) return 'unknown';
    throw error;
  }
}

/** gRPC DEADLINE_EXCEEDED; CANCELLED, when the server sees it first; FAILED_PRECONDITION: nobody polls the queue. */
const unanswered = new Set<number>([1, 4, 9]);

function sayChange(change: { readonly action: WatchAction; readonly before: Mode; readonly after: Mode }): string {
  const { action, before, after } = change;
  if (after === 'unknown') {
    return `asked to ${action}; no pod worker answers, so it does that when one runs (npm run worker:pods).`;
  }
  const now = { pause: 'paused', resume: 'running', stop: 'stopped' }[action];
  if (before === after) return `${now === before ? `was ${now} already` : `is ${after}`}.`;
  return `${after} (was ${before}).${hints[action]}`;
}

const hints: Readonly<Record<WatchAction, string>> = {
  pause: ' "podkeeper watch resume" goes on from its checkpoint; a restart of the workers does not.',
  resume: '',
  stop: ' A watch worker that starts with its scope begins it anew.',
};
