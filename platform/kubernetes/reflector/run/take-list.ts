import { MalformedAnswerError } from '../../client/read-json.ts';
import { transportError } from '../../client/send.ts';
import { createListDiff } from '../list/list-diff.ts';
import { readList } from '../list/read-list.ts';
import { isOlder } from '../state/versions.ts';
import type { RunContext } from './context.ts';

/**
 * Takes in a whole list: emits what it changes page by page, then the deletes it implies, the gap, and `relisted`.
 * Holds one page at a time.
 * @throws KubernetesError when any page can't be had: then nothing was emitted as complete, and it starts from page one
 */
export async function takeList<T>(context: RunContext<T>): Promise<void> {
  const { dependencies, target, known, progress, project, emit, now, signal } = context;
  let taken: { readonly version: string; readonly diff: ReturnType<typeof createListDiff<T>> } | null = null;
  const request = { ...target, limit: progress.pageSize, pageBytesLimit: context.pageBytesLimit, signal };
  try {
    for await (const page of readList(dependencies, request)) {
      const receivedAtMs = now();
      progress.lastByteAtMs = receivedAtMs;
      clearMissingList(context);
      if (taken === null) await announceEpoch(context, page.version);
      taken ??= {
        version: page.version,
        diff: createListDiff({ known, project, listVersion: page.version }),
      };
      for (const event of taken.diff.takePage(page.items, receivedAtMs)) await emit(event);
    }
  } catch (error) {
    // What a first list had emitted is known at its version; its updates until the next list will be missing.
    if (taken !== null) {
      progress.gap ??= { fromVersion: taken.version, fromMs: now(), reason: 'list-interrupted', epochChanged: false };
    }
    if (error instanceof MalformedAnswerError) throw transportError({ verb: 'list', resource: target.resource }, error);
    throw error;
  }
  if (taken === null) return;
  for (const event of taken.diff.finish(now())) await emit(event);
  await completeList(context, taken.version, taken.diff.count);
}

async function completeList<T>(context: RunContext<T>, version: string, count: number): Promise<void> {
  const { dependencies, progress, emit, now, logger, target } = context;
  const { gap } = progress;
  const epochChanged = gap?.epochChanged ?? false;
  const reason = epochChanged ? 'versions-went-back' : gap?.reason;
  dependencies.metrics.watchRelists.inc({ reason: reason ?? 'initial' });
  if (gap !== null && reason !== undefined) {
    const { fromVersion } = gap;
    const fromTime = new Date(gap.fromMs).toISOString();
    const toTime = new Date(now()).toISOString();
    dependencies.metrics.watchGaps.inc();
    logger?.warn({ path: target.path, fromVersion, toVersion: version, fromTime, toTime, reason }, 'watch gap');
    await emit({ kind: 'gap', fromVersion, toVersion: version, fromTime, toTime, reason, epochChanged });
  }
  await emit({ kind: 'relisted', version, count });
  progress.version = version;
  progress.goodAtMs = now();
  progress.listDue = false;
  progress.gap = null;
  progress.versionsVerified = true;
  progress.faultsInARow = 0;
  progress.deliveredSinceList = false;
}

/** Before the first change of the list, and once, however often the list has to start again. */
async function announceEpoch<T>({ progress, emit }: RunContext<T>, listVersion: string): Promise<void> {
  const { gap } = progress;
  if (gap === null || gap.epochChanged || !isOlder(listVersion, gap.fromVersion)) return;
  progress.gap = { ...gap, epochChanged: true };
  await emit({ kind: 'epoch' });
}

function clearMissingList({ progress }: Pick<RunContext<unknown>, 'progress'>): void {
  if (progress.missingPermission?.verb === 'list') progress.missingPermission = null;
}
