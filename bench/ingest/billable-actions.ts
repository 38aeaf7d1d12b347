import type { WorkflowHandle } from '@temporalio/client';

type HistoryEvent = NonNullable<Awaited<ReturnType<WorkflowHandle['fetchHistory']>>['events']>[number];

/** What Temporal Cloud bills for one run, as far as its history shows it. */
export interface BillableActions {
  readonly starts: number;
  readonly signals: number;
  /** All local activities of one workflow task count as one action. */
  readonly localActivityTasks: number;
  readonly timers: number;
  readonly upserts: number;
  readonly activities: number;
}

/** Counts them by the rules of https://docs.temporal.io/cloud/actions; attributes given at the start are free. */
export async function countBillableActions(handle: WorkflowHandle): Promise<BillableActions> {
  const events = (await handle.fetchHistory()).events ?? [];
  const count = (isCounted: (event: HistoryEvent) => unknown) => events.filter(isCounted).length;
  const markers = events.flatMap(({ markerRecordedEventAttributes: marker }) =>
    marker?.markerName === 'core_local_activity' ? [String(marker.workflowTaskCompletedEventId)] : [],
  );
  return {
    starts: count((event) => event.workflowExecutionStartedEventAttributes),
    signals: count((event) => event.workflowExecutionSignaledEventAttributes),
    localActivityTasks: new Set(markers).size,
    timers: count((event) => event.timerStartedEventAttributes),
    upserts: count((event) => event.upsertWorkflowSearchAttributesEventAttributes),
    activities: count((event) => event.activityTaskStartedEventAttributes),
  };
}

export function totalActions(actions: BillableActions): number {
  const { starts, signals, localActivityTasks, timers, upserts, activities } = actions;
  return starts + signals + localActivityTasks + timers + upserts + activities;
}
