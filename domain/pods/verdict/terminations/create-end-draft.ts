import { causeTable } from '../cause-table.ts';
import { count } from '../values/text.ts';
import type { ContainerView } from '../context/container-view.ts';
import { createDraft, type Draft, type DraftInput, podEvidence } from '../draft.ts';
import type { Evidence } from '../types.ts';
import type { End } from './end.ts';
import { excuseEnd, explainEnd } from './excuses/excuse.ts';
import { countMissing, sayMissing } from './missing-records.ts';
import { findNodeGap } from './excuses/node-gap.ts';

type EndDraftInput = Omit<
  DraftInput,
  'view' | 'at' | 'isEnd' | 'excuse' | 'explainedBy' | 'exitCode' | 'restarts' | 'evidence'
> & {
  /** Added after what the Pod records of this end. */
  readonly evidence?: readonly Evidence[];
};

/** A draft about an end: with the record as evidence, its excuse, and what else is known of the restart. */
export function createEndDraft(input: End, given: EndDraftInput): Draft {
  const { view, end } = input;
  const { category, severity } = causeTable[given.cause];
  const judged = { cause: given.cause, category: given.category ?? category, severity: given.severity ?? severity };
  const details = [given.detail, missingOf(input), findNodeGap(input)].filter((part) => part !== undefined);
  const excuse = excuseEnd(input, judged);
  return createDraft({
    ...given,
    view,
    at: end.finishedAt,
    isEnd: true,
    severity: excuse === 'job-attempt' || excuse === 'restart-rule' ? 'low' : judged.severity,
    exitCode: end.record.exitCode,
    restarts: view.restarts,
    detail: details.length === 0 ? undefined : details.join('; '),
    excuse,
    explainedBy: explainEnd(input, given.cause),
    evidence: [...recordEvidence(input), ...(given.evidence ?? [])],
  });
}

/** `, restarted 3 times` and whether it waits in back-off; empty for a container that was never restarted. */
export function sayRestarts({ restarts, waitingReason }: ContainerView): string {
  const times = restarts === 0 ? '' : `, restarted ${count(restarts, 'time')}`;
  return waitingReason === 'CrashLoopBackOff' ? `${times}, now waiting in back-off` : times;
}

function recordEvidence({ view, end }: End): readonly Evidence[] {
  const { record, path } = end;
  return [
    ...podEvidence(`${path}.reason`, record.reason, record.finishedAt),
    ...podEvidence(`${path}.exitCode`, record.exitCode, record.finishedAt),
    ...(view.restarts > 0 ? podEvidence(`${view.path}.restartCount`, view.restarts) : []),
  ];
}

function missingOf({ view, end }: End): string | undefined {
  return end.where === 'lastState' ? sayMissing(countMissing(view)) : undefined;
}
